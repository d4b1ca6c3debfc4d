import { createClient, isTemporary, roomUnread, unreadOf, type RoomState, type Sync } from '@bigtech/client'
import { PASSWORD } from '../../../support/index.ts'
import { briefRow } from '../../history/brief.ts'
import type { Recorder, Who } from '../../history/recorder.ts'
import type { Op, OpAnswer } from '../../history/types.ts'
import { outcomeOf, type Action, type Client, type Person } from '../client.ts'
import { answerOf, briefArgs, messageOf } from '../requests.ts'
import { answerOfError, callSdk } from './calls.ts'
import { recordingFetch, withTries, type Tries } from './fetch.ts'

const WITHIN = { timeoutMs: 10_000 }

/** A client on packages/client, used as an app uses it: `sync` keeps rooms current and sends. */
export function createSdkClient(options: {
  name: string
  person: Person
  transport: 'ws' | 'sse'
  /** the gateway */
  url: string
  recorder: Recorder
  random: () => number
  fault: (text: string) => void
}): Client {
  const { name, person, transport, recorder, random, fault } = options
  const who: Who = { client: name, user: person.id }
  const counts = { signIns: 0, connections: 0 }
  const sdk = createClient({ baseUrl: options.url, random, fetch: recordingFetch(recorder, () => who) })
  let sync: Sync | undefined
  const ending = new AbortController()

  const open = () => {
    sync = sdk.sync({
      transport,
      onFrame(frame) {
        if (frame.type === 'hello') counts.connections++
        recorder.frame(who, frame)
      },
      onState(state) {
        if (state.status !== 'reconnecting' && state.status !== 'closed') return
        recorder.ended(who, state.reason)
        if (state.status === 'closed' && !ending.signal.aborted) {
          if (state.code === 4502) fault(`${name}: the server says that this client has a fault (4502)`)
          sync = undefined
          void signIn()
        }
      },
    })
    sync.subscribe(openAll)
  }
  const signIn = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        await sdk.auth.login(person.email, PASSWORD, { timeoutMs: 4_000 })
        counts.signIns++
        if (!ending.signal.aborted && !sync) open()
        return
      } catch (error) {
        if (!isTemporary(error)) return fault(`${name}: signing in: ${String(error)}`)
        await new Promise((resolve) => setTimeout(resolve, random() * 500))
      }
    }
  }

  const opening = new Set<number>()
  /** An app with all its rooms on the screen. */
  const openAll = () => {
    for (const room of sync?.state.rooms.values() ?? [])
      if (!room.window && !opening.has(room.id) && !sync!.state.holds.has(room.id)) void openRoom(sync!, room.id)
  }
  const openRoom = async (current: Sync, id: number) => {
    opening.add(id)
    // Closed, left or not in the list any more: then there is nothing to open.
    await current.openRoom(id, WITHIN).catch(() => {})
    opening.delete(id)
  }

  /** Shown at once, and sent until it is answered. */
  async function sendOnce(current: Sync, action: Action): Promise<{ outcome: Op['outcome']; answer: OpAnswer }> {
    const { room, args } = action
    const cmid = current.send(room!, { ...messageOf(args), client_message_id: args.cmid! })
    const stored = (state: RoomState | undefined) =>
      state?.window?.messages.find((one) => one.client_message_id === cmid && one.user_id === person.id)
    const settled = await current.waitFor((state) => {
      const own = state.rooms.get(room!)?.outgoing.find((one) => one.client_message_id === cmid)
      return !own || own.status === 'sent' || own.status === 'failed'
    })
    const state = settled.rooms.get(room!)
    const own = state?.outgoing.find((one) => one.client_message_id === cmid)
    if (own?.status === 'sent') return { outcome: 'ok', answer: { seq: own.seq! } }
    const message = stored(state)
    // It is in the log, which is an answer too; or the room went away with it.
    return message
      ? { outcome: 'ok', answer: { id: message.id, seq: message.seq } }
      : { outcome: 'unknown', answer: {} }
  }

  void signIn()
  return {
    name,
    person,
    counts,
    async perform(action) {
      const end = recorder.begin({ ...who, do: action.do, room: action.room, args: briefArgs(action.args) })
      const tries: Tries = { lost: false }
      const current = sync
      try {
        if (action.do === 'send' && action.repeat && current?.state.rooms.has(action.room!))
          return end({ ...(await sendOnce(current, action)), status: null, code: null })
        const body = await withTries(tries, () => callSdk(sdk, current?.connection, action))
        return end({ outcome: 'ok', status: 200, code: null, answer: answerOf(action, body) })
      } catch (error) {
        const answer = answerOfError(error)
        const outcome = answer && !tries.lost ? outcomeOf(answer) : 'unknown'
        return end({ outcome, status: answer?.status ?? null, code: answer?.code ?? null, answer: {} })
      }
    },
    held(id) {
      const room = sync?.state.rooms.get(id)
      if (!room) return undefined
      return {
        rows: (room.window?.messages ?? []).map(briefRow),
        members: [...(room.members?.keys() ?? [])],
        last_seq: room.last_seq,
      }
    },
    async state(ids) {
      const current = sync
      if (!current) return { client: name, user: person.id, rooms: [] }
      const rooms = []
      for (const id of ids) {
        while (await current.loadOlder(id, { ...WITHIN, limit: 200 }).catch(() => false));
        const room = current.state.rooms.get(id)
        if (!room?.window) continue
        rooms.push({
          id,
          rev: room.rev,
          unread: roomUnread(room),
          members: [...(room.members?.values() ?? [])].map(({ user_id, ...member }) => ({ user: user_id, ...member })),
          rows: room.window.messages.map((message) => ({ ...briefRow(message), unread: unreadOf(room, message) })),
        })
      }
      return { client: name, user: person.id, rooms }
    },
    hurry: () => sync?.connection.reconnectNow(),
    close() {
      ending.abort()
      sync?.close()
    },
  }
}
