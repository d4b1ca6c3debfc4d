import { setTimeout as sleep } from 'node:timers/promises'
import { createAccounts, type Account } from '../harness/accounts.ts'
import { rssOf } from '../harness/processes.ts'
import { startProduct } from '../harness/product.ts'
import { startRaw } from '../harness/raw.ts'
import { portOf } from '../harness/sides.ts'
import { startWorker } from '../harness/worker.ts'
import type { Figures, Options, Running, Side, Workload } from '../harness/workload.ts'
import type { StreamTarget } from '../load/stream-client.ts'
import type { StreamsCommands } from '../load/streams.ts'

/** Many machines allow a process 20,000 open files, of which the server keeps 500 for itself. */
const LARGEST = 19_000
const SIZES = [1_000, 5_000, 10_000, LARGEST]
const HOLDERS = 2
/** KiB of a MiB. */
const KIB = 1_024

type Server = { pid: number; port: number; tokens: readonly string[]; stop(): Promise<void> }

async function startIdleProduct(): Promise<Server> {
  let accounts: Account[] = []
  const product = await startProduct({
    prepare: async (folder) => {
      accounts = await createAccounts(folder, LARGEST)
    },
  })
  return { ...product, port: portOf(product.urls.chat), tokens: accounts.map(({ token }) => token) }
}

async function startIdleRaw(): Promise<Server> {
  return { ...(await startRaw('idle.ts')), tokens: Array.from({ length: LARGEST }, () => '') }
}

/** Memory does not come back to where it was: each round has a server of its own. */
function sideOf(name: string, transport: StreamTarget['transport'], start: () => Promise<Server>): Side {
  const measure = async ({ seconds, warmUpSeconds }: Options): Promise<Figures> => {
    const server = await start()
    const holders = Array.from({ length: HOLDERS }, () => startWorker<StreamsCommands>('streams.ts'))
    try {
      await sleep(warmUpSeconds * 1_000)
      const before = rssOf(server.pid)
      const figures: Figures = { before_mib: before }
      for (const [step, size] of SIZES.entries()) {
        const tokens = server.tokens.slice(SIZES[step - 1] ?? 0, size)
        const share = Math.ceil(tokens.length / HOLDERS)
        await Promise.all(
          holders.map((holder, i) =>
            holder.ask('open', {
              port: server.port,
              transport,
              from: `127.0.0.${i + 2}`,
              tokens: tokens.slice(i * share, (i + 1) * share),
            }),
          ),
        )
        await sleep(seconds * 1_000)
        for (const { lost } of await Promise.all(holders.map((holder) => holder.ask('state', undefined))))
          if (lost > 0) throw new Error(`the server ended ${lost} idle connections`)
        figures[`connections_${size}_kib`] = ((rssOf(server.pid) - before) * KIB) / size
        figures[`connections_${size}_rss_mib`] = rssOf(server.pid)
      }
      return figures
    } finally {
      for (const holder of holders) await holder.stop()
      await server.stop()
    }
  }
  return { name, start: async (): Promise<Running> => ({ measure, stop: async () => {} }) }
}

const workloadOf = (transport: StreamTarget['transport'], what: string, atMost: number): Workload => ({
  name: `idle-${transport}`,
  title: `memory per idle connection over ${what}; 20,000 open files allow about 19,000`,
  sides: [sideOf('product', transport, startIdleProduct), sideOf('raw', transport, startIdleRaw)],
  goals: [{ figure: `connections_${LARGEST}_kib`, atMost }],
  rounds: 1,
  // Each size is held for more than a heartbeat.
  options: { seconds: 20, warmUpSeconds: 5 },
})

export const workloads: readonly Workload[] = [
  workloadOf('ws', 'WebSocket', 16),
  workloadOf('sse', 'Server-Sent Events', 24),
]
