import { setTimeout as sleep } from 'node:timers/promises'
import { compareStates } from '../checker/final.ts'
import { outcomeOf, type Client } from '../clients/client.ts'
import { briefText } from '../history/brief.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Calm, ClientState, EventFact, View } from '../history/types.ts'
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
import type { Stage } from './setup.ts'

const DRAIN_MS = 30_000
/** Somebody may still be taking over what a process that was killed had. */
const SERVED_MS = 12_000
const LOOK_EVERY_MS = 150

/** Asks until it is good, or the time is over; then the last answer is for the checker. */
async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, limitMs: number): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (good(answer) || performance.now() > deadline) return answer
    await sleep(LOOK_EVERY_MS)
  }
}

/** What all members read, and what all clients hold, once they agree. */
export function converge(
  stage: Stage,
  clients: readonly Client[],
  limitMs: number,
): Promise<{ views: View[]; states: ClientState[] }> {
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

/** A message each way in every direct room: does a block hold? What nobody knows yet is asked again, as anybody would. */
async function probeBlocks(stage: Stage, recorder: Recorder, round: number): Promise<Calm['probes']> {
  const probes: Calm['probes'] = []
  for (const { id: room, type, members } of stage.rooms) {
    if (type !== 'direct') continue
    for (const [from, to] of [members, members.toReversed()] as [number, number][]) {
      const { account } = stage.people.find((person) => person.id === from)!
      const content = `되나 ${round}.${room}.${from}`
      const cmid = `p${round}.${room}.${from}`
      const args = { content: briefText(content), cmid }
      const end = recorder.begin({ client: `probe-${from}`, user: from, do: 'send', room, args })
      let wasLost = false
      const send = async () => {
        const { status, json } = await account.call('POST', `/messages/${room}`, {
          body: { content, client_message_id: cmid },
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
      probes.push({ room, from, to, outcome: code ?? 'ok' })
    }
  }
  return probes
}

/** After all faults are over: waits until events are handled and clients have caught up, and reads everything. */
export async function readCalm(options: {
  round: number
  stage: Stage
  clients: readonly Client[]
  recorder: Recorder
  server: Pick<ServerHost, 'readEvents' | 'isPublished'>
  /** seconds */
  patience: number
  /** Whether the guest was told that the account closes. */
  closing: 'ok' | 'failed' | 'unknown' | 'not asked'
}): Promise<{ views: View[]; states: ClientState[]; events: EventFact[]; calm: Calm }> {
  const { round, stage, clients, recorder, server, closing } = options
  await stage.refresh()
  const operator = await signInOperator(stage)
  const drained = async (): Promise<Drained> => {
    await until(
      () => server.isPublished(),
      (all) => all,
      DRAIN_MS,
    )
    return until(() => readDrained(operator), isDrained, DRAIN_MS)
  }

  await drained()
  const guest = stage.guest.id
  const settled = (status: string) => status !== 'closing' && (closing !== 'ok' || status === 'closed')
  const status = await until(() => readStatus(operator, guest), settled, DRAIN_MS)
  await drained()
  const probes = await probeBlocks(stage, recorder, round)
  const { views, states } = await converge(stage, clients, options.patience * 1_000)
  const last = await drained()
  const calm: Calm = {
    ...last,
    names: await readNames(stage),
    blocks: await readBlocks(stage),
    probes,
    closed: closing === 'not asked' ? null : { user: guest, status, answered: closing === 'ok' },
  }
  return { views, states, calm, events: await server.readEvents() }
}
