import { setTimeout as sleep } from 'node:timers/promises'
import { compareStates } from '../checker/final.ts'
import type { PoisonLedger } from '../checker/poison.ts'
import type { Recount } from '../checker/statistics.ts'
import { outcomeOf, type Client } from '../clients/client.ts'
import { messageOf } from '../clients/requests.ts'
import { briefText } from '../history/brief.ts'
import type { Statistics, Told } from '../history/effects.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Calm, EventFact, OpArgs, Shown } from '../history/types.ts'
import {
  isDrained,
  readBlocks,
  readDrained,
  readNames,
  readStatus,
  readViews,
  signInOperator,
  type Drained,
} from './read.ts'
import type { ServerHost } from '../world/server.ts'
import { readInboxes, readStatistics } from './read-effects.ts'
import type { Stage } from './setup.ts'

const DRAIN_MS = 30_000
/** Events that come while statistics are read, as of somebody who comes online, are counted a second later. */
const COUNTED_MS = 8_000
/** Somebody may still be taking over what a process that was killed had. */
const SERVED_MS = 12_000
const LOOK_EVERY_MS = 150

/** Asks until it is good, or the time is over; then the last answer is for the checker. */
export async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, limitMs: number): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (good(answer) || performance.now() > deadline) return answer
    await sleep(LOOK_EVERY_MS)
  }
}

/** What all members read, and what all clients hold, once they agree. */
export function converge(stage: Stage, clients: readonly Client[], limitMs: number): Promise<Shown> {
  const ids = stage.rooms.map(({ id }) => id)
  return until(
    async () => {
      for (const client of clients) client.hurry()
      const views = await readViews(stage)
      return { views, states: await Promise.all(clients.map((client) => client.state(ids))) }
    },
    ({ views, states }) => compareStates(views, states).length === 0,
    limitMs,
  )
}

/** A message after all is calm, recorded as of a client. What nobody knows yet is asked again, as anybody would. @returns the code of a refusal */
async function probe(stage: Stage, recorder: Recorder, message: { from: number; room: number; args: OpArgs }) {
  const { from, room, args } = message
  const { account } = stage.people.find((person) => person.id === from)!
  const brief = { ...args, content: briefText(args.content!) }
  const end = recorder.begin({ client: `probe-${from}`, user: from, do: 'send', room, args: brief })
  let wasLost = false
  const send = async () => {
    const { status, json } = await account.call('POST', `/messages/${room}`, {
      body: { ...messageOf(args), client_message_id: args.cmid },
    })
    const body = json() as { code?: string; id?: string; seq?: number; rev?: number }
    const code = status === 201 ? null : String(body.code)
    const outcome = outcomeOf({ status, code })
    wasLost ||= outcome === 'unknown'
    return { status, code, outcome, body }
  }
  const { status, code, outcome, body } = await until(send, (answer) => answer.status !== 503, SERVED_MS)
  const { id = '', seq = 0, rev = 0 } = body
  const answer = outcome === 'ok' ? { id, seq, rev } : {}
  end({ outcome: outcome === 'failed' && wasLost ? 'unknown' : outcome, status, code, answer })
  return code
}

/** A message each way in every direct room: does a block hold? */
async function probeBlocks(stage: Stage, recorder: Recorder, round: number): Promise<Calm['probes']> {
  const probes: Calm['probes'] = []
  for (const { id: room, type, members } of stage.rooms) {
    if (type !== 'direct') continue
    for (const [from, to] of [members, members.toReversed()] as [number, number][]) {
      const args = { content: `되나 ${round}.${room}.${from}`, cmid: `p${round}.${room}.${from}` }
      const code = await probe(stage, recorder, { from, room, args })
      probes.push({ room, from, to, outcome: code ?? 'ok' })
    }
  }
  return probes
}

/** Whoever one has blocked calls one in a group, where they still write: is one told? And of a call by whom one has not? */
async function probeCalls(stage: Stage, recorder: Recorder, round: number, blocks: Calm['blocks']): Promise<void> {
  const groups = stage.rooms.filter(({ type }) => type === 'group')
  const [first, second] = stage.people.map(({ id }) => id)
  for (const { user, other } of [...blocks, { user: first!, other: second! }]) {
    for (const { id: room } of groups) {
      const id = `${round}.${room}.${other}.${user}`
      const args = { content: `@들려? ${id}`, cmid: `c${id}`, other: user }
      await probe(stage, recorder, { from: other, room, args })
    }
  }
}

/** After all faults are over: waits until events are handled and clients have caught up, and reads everything. */
export async function readCalm(options: {
  round: number
  stage: Stage
  clients: readonly Client[]
  recorder: Recorder
  server: Pick<ServerHost, 'readEvents' | 'isPublished' | 'profile'>
  /** Of the whole run; is given the events of the round. */
  recount: Recount
  poison: PoisonLedger
  /** seconds */
  patience: number
  /** Whether the guest was told that the account closes. */
  closing: 'ok' | 'failed' | 'unknown' | 'not asked'
}): Promise<Shown & { earlier: Shown; events: EventFact[]; calm: Calm; goneFrom: Told['goneFrom'] }> {
  const { round, stage, clients, recorder, server, closing, recount, poison } = options
  await stage.refresh()
  const operator = await signInOperator(stage)
  const drained = async (): Promise<Drained> => {
    await until(
      () => server.isPublished(),
      (all) => all,
      DRAIN_MS,
    )
    return until(() => readDrained(operator, poison), isDrained, DRAIN_MS)
  }
  const events: EventFact[] = []
  const readEvents = async () => {
    const more = poison.take(await server.readEvents())
    recount.take(more)
    events.push(...more)
  }

  await drained()
  const guest = stage.guest.id
  const settled = (status: string) => status !== 'closing' && (closing !== 'ok' || status === 'closed')
  const status = await until(() => readStatus(operator, guest), settled, DRAIN_MS)
  await drained()
  const goneFrom = status === 'closed' ? { user: guest, n: recorder.tick() } : null
  // Who sends has read: what nobody was told of read positions shows only before.
  const earlier = await converge(stage, clients, options.patience * 1_000)
  const probes = await probeBlocks(stage, recorder, round)
  const blocks = await readBlocks(stage)
  await probeCalls(stage, recorder, round, blocks)
  const { views, states } = await converge(stage, clients, options.patience * 1_000)
  await drained()
  // Which dead letters are meant is known once what was published is.
  await readEvents()
  const last = await drained()
  const inboxes = await readInboxes(stage)
  const count = async () => {
    await readEvents()
    return readStatistics(operator)
  }
  const isCounted = (told: Statistics) => recount.compare(told).length === 0
  const statistics = await until(count, isCounted, COUNTED_MS)
  const calm: Calm = {
    ...last,
    names: await readNames(stage),
    blocks,
    probes,
    closed: closing === 'not asked' ? null : { user: guest, status, answered: closing === 'ok' },
    inboxes,
    statistics,
    told: null,
  }
  return { views, states, earlier, calm, events, goneFrom }
}
