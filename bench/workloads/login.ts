import { setTimeout as sleep } from 'node:timers/promises'
import { createAccounts, type Account } from '../harness/accounts.ts'
import { BESIDE_PAIRS, BESIDE_RATE, startBeside, startBesideRaw } from '../harness/beside.ts'
import { startGenerator } from '../harness/generator.ts'
import { startProduct } from '../harness/product.ts'
import { startRaw } from '../harness/raw.ts'
import { portOf } from '../harness/sides.ts'
import { startWorker, type Worker } from '../harness/worker.ts'
import type { Figures, Options, Running, Workload } from '../harness/workload.ts'
import type { BesideCommands } from '../load/beside.ts'
import type { LoginsConfig } from '../load/logins.ts'
import type { HashCommands } from '../raw/argon2.ts'

const CLIENTS = 100

async function relayFigures(beside: Worker<BesideCommands>): Promise<Figures> {
  const { failed_sends, p50_ms, p99_ms } = await beside.ask('end', undefined)
  await beside.ask('send', { rate: 0 })
  return { relay_p50_ms: p50_ms, relay_p99_ms: p99_ms, failed_sends }
}

async function startLogins(): Promise<Running> {
  let accounts: Account[] = []
  const product = await startProduct({
    prepare: async (folder) => {
      accounts = await createAccounts(folder, BESIDE_PAIRS * 2)
    },
  })
  const beside = await startBeside(product, accounts)
  const logins = await startGenerator('logins.ts', {
    serverPid: product.pid,
    port: portOf(product.urls.user),
    clients: CLIENTS,
  } satisfies LoginsConfig)
  return {
    async measure(options: Options) {
      await beside.ask('send', { rate: BESIDE_RATE })
      const measured = logins.measure(options)
      await sleep(options.warmUpSeconds * 1_000)
      await beside.ask('begin', undefined)
      const figures = await measured
      return { ...figures, ...(await relayFigures(beside)) }
    },
    async stop() {
      await logins.stop()
      await beside.stop()
      await product.stop()
    },
  }
}

/** Hashes of a process that does nothing else; with `relay`, beside a raw durable relay under the same load as the product's. */
function startHashes(relay: boolean): () => Promise<Running> {
  return async () => ({
    async measure({ seconds, warmUpSeconds }: Options) {
      const raw = relay ? await startRaw('durable-relay.ts') : undefined
      const beside = raw && (await startBesideRaw(raw.port))
      const hasher = startWorker<HashCommands>('../raw/argon2.ts')
      try {
        await beside?.ask('send', { rate: BESIDE_RATE })
        await sleep(warmUpSeconds * 1_000)
        await beside?.ask('begin', undefined)
        const began = performance.now()
        const before = await hasher.ask('count', undefined)
        await sleep(seconds * 1_000)
        const after = await hasher.ask('count', undefined)
        const elapsedS = (performance.now() - began) / 1_000
        return {
          hashes_per_s: (after.hashes - before.hashes) / elapsedS,
          server_cpu_cores: (after.cpu_s - before.cpu_s) / elapsedS,
          ...(beside ? await relayFigures(beside) : {}),
        }
      } finally {
        await hasher.stop()
        await beside?.stop()
        await raw?.stop()
      }
    },
    stop: async () => {},
  })
}

export const workloads: readonly Workload[] = [
  {
    name: 'login',
    title: '100 people register and sign in in a loop, beside 500 messages a second of others',
    sides: [
      { name: 'product', start: startLogins },
      { name: 'raw', start: startHashes(false) },
      { name: 'raw-beside-relay', start: startHashes(true) },
    ],
    goals: [
      { figure: 'hashes_per_s', of: 'raw', atLeast: 0.9 },
      { figure: 'relay_p99_ms', atMost: 25 },
      { figure: 'failed_sends', atMost: 0 },
    ],
  },
]
