import type { BesideCommands } from '../load/beside.ts'
import type { RelayConfig } from '../load/relay.ts'
import { portOf } from './sides.ts'
import { createPairs } from './pairs.ts'
import { startWorker, type Worker } from './worker.ts'
import type { Account } from './accounts.ts'
import type { Product } from './product.ts'

/** Messages a second of the relay that runs beside other work. */
export const BESIDE_RATE = 500
export const BESIDE_PAIRS = 100

/** `relay-500` in the product, among these 200 people, beside what else happens there; silent until told to send. */
export async function startBeside({ urls }: Product, accounts: readonly Account[]): Promise<Worker<BesideCommands>> {
  const stream = (token: string) => ({ port: portOf(urls.chat), path: '/ws', token, greets: true })
  const pairs = (await createPairs(urls.chat, accounts)).map(({ room_id, a, b }) => ({
    room_id,
    sender: stream(a.token),
    receiver: stream(b.token),
  }))
  return startBesidePairs(pairs)
}

/** The same between pairs of a raw relay. */
export function startBesideRaw(port: number): Promise<Worker<BesideCommands>> {
  return startBesidePairs(
    Array.from({ length: BESIDE_PAIRS }, (_, i) => ({
      room_id: i + 1,
      sender: { port, path: `/${i}/a` },
      receiver: { port, path: `/${i}/b` },
    })),
  )
}

async function startBesidePairs(pairs: RelayConfig['pairs']): Promise<Worker<BesideCommands>> {
  const worker = startWorker<BesideCommands>('beside.ts')
  await worker.ask('connect', { pairs })
  return worker
}
