import type { Recorder, Who } from '../../history/recorder.ts'
import type { Op } from '../../history/types.ts'
import { outcomeOf, type Action, type Answered, type Client, type Person } from '../client.ts'
import { answerOf, briefArgs, commandOf, requestOf } from '../requests.ts'
import { createFollowing } from './follow.ts'
import { createBareHttp, NoAnswer } from './http.ts'
import { unreadBeside, unreadIn } from './model.ts'
import { createPauses } from './pause.ts'
import { openBareStream } from './stream.ts'

/** A client made of stock libraries and docs/realtime.md alone: nothing of packages/client is in it. */
export function createBareClient(options: {
  name: string
  person: Person
  transport: 'ws' | 'sse'
  /** the API root */
  url: string
  recorder: Recorder
  random: () => number
  fault: (text: string) => void
}): Client {
  const { name, person, transport, url, recorder, random, fault } = options
  const ending = new AbortController()
  const over = ending.signal
  const who: Who = { client: name, user: person.id }
  const pauses = createPauses(random, over)
  const http = createBareHttp({ url, person, who, recorder, over })
  const shared = { http, pauses, over, fault: (text: string) => fault(`${name}: ${text}`) }
  const following = createFollowing({ ...shared, user: person.id })
  const stream = openBareStream({
    ...shared,
    transport,
    url,
    who,
    recorder,
    token: () => following.token,
    renewed: () => following.renewed(),
    frame: (frame) => following.take(frame),
  })

  /** One try. Undefined: no answer. */
  async function attempt(action: Action): Promise<Answered | undefined> {
    const command = action.via === 'stream' && stream.commands !== undefined ? commandOf(action) : undefined
    if (command) {
      const frame = await stream.command(command)
      if (!frame) return undefined
      if (frame.type === 'ack') return { status: 200, code: null, body: frame }
      return { status: Number(frame['status']), code: String(frame['code']), body: frame }
    }
    try {
      return await http.call(requestOf(action))
    } catch (error) {
      if (error instanceof NoAnswer) return undefined
      throw error
    }
  }

  return {
    name,
    person,
    async perform(action) {
      const { do: deed, room, args } = action
      const connection = action.via === 'stream' ? stream.commands : undefined
      const end = recorder.begin({ ...who, do: deed, room, args: briefArgs(args) })
      const finish = (answer: Answered | undefined, outcome: Op['outcome'], tried: number): Op =>
        end({
          outcome,
          lane: tried === 0 && deed === 'send' && connection !== undefined ? `${name}#${connection}` : null,
          status: answer?.status ?? null,
          code: answer?.code ?? null,
          answer: outcome === 'ok' ? answerOf(action, answer!.body) : {},
        })
      // Once a try had no answer, or one that did not know, a refusal of the next says nothing about it.
      let lost = false
      for (let tried = 0; ; tried++) {
        const answer = await attempt(action)
        const outcome = answer ? outcomeOf(answer) : 'unknown'
        lost ||= outcome === 'unknown'
        const again = action.repeat && deed === 'send' && (outcome === 'unknown' || answer?.status === 503)
        if (!again || over.aborted) {
          return finish(answer, outcome === 'failed' && lost ? 'unknown' : outcome, tried)
        }
        await pauses.pause(Math.min(tried, 3))
      }
    },
    held(id) {
      const room = following.rooms.get(id)
      if (!room) return undefined
      return {
        rows: [...room.rows.values()],
        members: [...room.members.keys()],
        last_seq: Math.max(0, ...room.rows.keys()),
      }
    },
    async state(ids) {
      await following.idle()
      const rooms = ids.flatMap((id) => {
        const room = following.rooms.get(id)
        if (!room) return []
        const rows = [...room.rows.values()].toSorted((a, b) => a.seq - b.seq)
        return [
          {
            id,
            rev: room.rev,
            unread: unreadIn(room, person.id),
            members: [...room.members.values()].map((member) => ({ ...member })),
            rows: rows.map((row) => ({ ...row, unread: unreadBeside(room, row.seq) })),
          },
        ]
      })
      return { client: name, user: person.id, rooms }
    },
    hurry: () => pauses.wake(),
    close: () => ending.abort(),
    get counts() {
      return { signIns: http.signIns(), connections: stream.connections }
    },
  }
}
