import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '../../support/index.ts'
import type { Client } from '../clients/client.ts'
import type { PlannedOp } from '../schedule/ops.ts'
import { longText, resolveOp } from './resolve.ts'
import type { Stage } from './setup.ts'

/** Operations a client has under way at most: a stalled one leaves out what it would have done meanwhile. */
const AT_ONCE = 24
const FLOOD = { messages: 240, atOnce: 20 }
const STORM = { messages: 520, atOnce: 130 }

export type Operated = {
  /** What could not be done: nothing to do it to, or the client was stuck. */
  left_out: number
  /** Streams that the server closed during a flood, because they were not read. */
  slow_readers: number
}

type Place = { clients: readonly Client[]; guest: Client; stage: Stage; metricsUrls: readonly string[] }

/** Does what is planned at its time. @returns what was counted so far, and a promise of all being answered or given up */
export function operate(ops: readonly PlannedOp[], world: Place): { counts: Operated; done: Promise<void> } {
  const counts: Operated = { left_out: 0, slow_readers: 0 }
  return { counts, done: operateAll(ops, world, counts) }
}

async function operateAll(ops: readonly PlannedOp[], world: Place, counts: Operated): Promise<void> {
  const { clients, stage } = world
  const running = new Set<Promise<unknown>>()
  const busy = new Map<string, number>()
  const start = performance.now()

  const launch = (client: Client, work: () => Promise<unknown>) => {
    busy.set(client.name, (busy.get(client.name) ?? 0) + 1)
    const run = work().finally(() => {
      running.delete(run)
      busy.set(client.name, busy.get(client.name)! - 1)
    })
    running.add(run)
  }

  for (const op of ops) {
    const wait = op.at - (performance.now() - start)
    if (wait > 0) await sleep(wait)
    const client = op.do === 'close_account' ? world.guest : clients[op.client]!
    if (op.do === 'flood')
      launch(client, async () => {
        const closed = await flood(op, client, stage, world.metricsUrls)
        counts.slow_readers += closed
      })
    else if (op.do === 'storm') launch(client, () => burst(op, client, stage, STORM, (serial) => `폭풍 ${serial}`))
    else {
      const action = resolveOp({ ...op, do: op.do }, client, stage)
      if (!action || (busy.get(client.name) ?? 0) >= AT_ONCE) counts.left_out++
      else {
        launch(client, () => client.perform(action))
        // The same message from two sides at once, as an impatient app sends it.
        if (op.do === 'send' && op.pick > 0.97)
          launch(client, () => client.perform({ ...action, repeat: false, via: 'http' }))
      }
    }
  }
  await Promise.all(running)
}

/** Large messages until a stream that is not read has been closed, or there were enough of them. @returns how many were closed */
async function flood(op: PlannedOp, client: Client, stage: Stage, metricsUrls: readonly string[]): Promise<number> {
  const before = await slowReaders(metricsUrls)
  for (let sent = 0; sent < FLOOD.messages; sent += FLOOD.atOnce) {
    const part = { messages: FLOOD.atOnce, atOnce: FLOOD.atOnce }
    const stored = await burst({ ...op, serial: `${op.serial}.${sent}` }, client, stage, part, longText)
    const closed = ((await slowReaders(metricsUrls)) ?? 0) - (before ?? 0)
    // Less than before: the server was started anew.
    if (closed > 0 || stored === 0) return Math.max(0, closed)
  }
  return 0
}

/** @returns how many were acknowledged; it ends early when nothing is any more */
async function burst(
  op: PlannedOp,
  client: Client,
  stage: Stage,
  { messages, atOnce }: typeof FLOOD,
  text: (serial: string) => string,
): Promise<number> {
  const room = stage.rooms[op.room]!.id
  const send = (n: number) => {
    const serial = `${op.serial}.${n}`
    const args = { content: text(serial), cmid: `m${serial}` }
    return client.perform({ do: 'send', room, args, via: op.via, repeat: false })
  }
  let stored = 0
  for (let sent = 0; sent < messages; sent += atOnce) {
    const size = Math.min(atOnce, messages - sent)
    const ops = await Promise.all(Array.from({ length: size }, (_, i) => send(sent + i)))
    const now = ops.filter(({ outcome }) => outcome === 'ok').length
    if (now === 0) break
    stored += now
  }
  return stored
}

/** Streams the server closed because they were not read; undefined while it does not answer. */
export async function slowReaders(metricsUrls: readonly string[]): Promise<number | undefined> {
  const answers = await Promise.all(metricsUrls.map((url) => call('GET', url).catch(() => undefined)))
  const closed = answers.map((answer) =>
    answer?.status === 200
      ? Number(/^stream_closes_total\{.*reason="slow_reader".*\} (\d+)/m.exec(answer.text)?.[1] ?? 0)
      : undefined,
  )
  return closed.includes(undefined) ? undefined : closed.reduce<number>((sum, n) => sum + n!, 0)
}
