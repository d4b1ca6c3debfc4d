import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { MessagesApi } from '../api/messages.ts'
import { NetworkError } from '../errors.ts'
import type { Connection } from '../stream/connection.ts'
import { reduce } from './reduce.ts'
import { createSender } from './sender.ts'
import { emptyState, type RoomState, type SyncState } from './state.ts'

const room = { id: 1, outgoing: [], window: null, members: null, last_message: null, typing: new Map() }
const joined: SyncState = { ...emptyState, loaded: true, rooms: new Map([[1, room as unknown as RoomState]]) }

it('a message whose room is left while it is under way is given up, and not sent when one is back', async () => {
  let state = joined
  const listeners = new Set<(state: SyncState) => void>()
  const become = (next: SyncState) => {
    state = next
    for (const listener of listeners) listener(state)
  }
  const tries: AbortSignal[] = []
  const messages: Pick<MessagesApi, 'send'> = {
    send: (_room, _message, call) =>
      new Promise((_resolve, reject) => {
        const { signal } = call as { signal: AbortSignal }
        tries.push(signal)
        signal.addEventListener('abort', () => reject(new NetworkError('no answer')))
      }),
  }
  const sender = createSender({
    state: () => state,
    dispatch: (event) => become(reduce(state, event).state),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    connection: () => ({ commands: false }) as unknown as Connection,
    messages: messages as MessagesApi,
    pauses: { pause: async () => true, wake: () => {} },
    now: () => 0,
    over: new AbortController().signal,
  })
  sender.send(1, { content: 'on its way' })
  assert.equal(state.rooms.get(1)!.outgoing.length, 1)
  assert.deepEqual(
    tries.map(({ aborted }) => aborted),
    [false],
  )
  become({ ...joined, rooms: new Map() })
  assert.equal(tries[0]!.aborted, true)
  become(joined)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(tries.length, 1)
  assert.equal(listeners.size, 0)
})
