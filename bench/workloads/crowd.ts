import { setTimeout as sleep } from 'node:timers/promises'
import { createAccounts, type Account } from '../harness/accounts.ts'
import { BESIDE_PAIRS, startBeside } from '../harness/beside.ts'
import { startProduct } from '../harness/product.ts'
import { portOf } from '../harness/sides.ts'
import { startWorker } from '../harness/worker.ts'
import type { Figures, Options, Running, Workload } from '../harness/workload.ts'
import type { StreamsCommands } from '../load/streams.ts'

const TALKERS = BESIDE_PAIRS * 2
/** Connections in all, talkers and idle ones: at most 20,000 open files a process on many machines. */
const SIZES = [TALKERS, 1_000, 5_000, 10_000, 19_500]
const LARGEST = 19_500

/** Each round grows a crowd from nothing, in a server of its own. */
async function measure({ seconds, warmUpSeconds }: Options): Promise<Figures> {
  let accounts: Account[] = []
  const product = await startProduct({
    prepare: async (folder) => {
      accounts = await createAccounts(folder, LARGEST)
    },
  })
  const holder = startWorker<StreamsCommands>('streams.ts')
  const beside = await startBeside(product, accounts.slice(0, TALKERS))
  const figures: Figures = {}
  try {
    for (const [step, size] of SIZES.entries()) {
      const tokens = accounts.slice(SIZES[step - 1] ?? TALKERS, size).map(({ token }) => token)
      await holder.ask('open', { port: portOf(product.urls.chat), transport: 'ws', from: '127.0.0.2', tokens })
      await sleep(warmUpSeconds * 1_000)
      await beside.ask('begin', undefined)
      await sleep(seconds * 1_000)
      const { p50_ms, p99_ms, failed_sends } = await beside.ask('end', undefined)
      if (failed_sends > 0) throw new Error(`${failed_sends} sends failed beside ${size} connections`)
      figures[`connections_${size}_p50_ms`] = p50_ms
      figures[`connections_${size}_p99_ms`] = p99_ms
    }
    return figures
  } finally {
    for (const worker of [beside, holder]) await worker.stop()
    await product.stop()
  }
}

export const workloads: readonly Workload[] = [
  {
    name: 'crowd',
    title: 'delivery latency of 500 messages a second beside up to 19,500 WebSocket connections',
    sides: [{ name: 'product', start: async (): Promise<Running> => ({ measure, stop: async () => {} }) }],
    goals: [],
    // Longer than what opening thousands of connections leaves to do.
    options: { warmUpSeconds: 5 },
  },
]
