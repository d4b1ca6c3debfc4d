import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Message } from '../types.ts'
import { namedIn } from './room.ts'
import type { RoomState } from './state.ts'

it('names whom messages call, who may have left since', () => {
  const message = (seq: number, mentions: Message['mentions']) => ({ seq, user_id: 1, mentions }) as Message
  const everyone = { everyone: true, offset: 0, length: 3 } as const
  const log = [message(1, [{ user_id: 7, offset: 0, length: 3 }, everyone]), message(2, undefined)]
  const last = message(3, [{ user_id: 8, offset: 0, length: 3 }])
  const room = { members: null, last_message: last, window: null } as unknown as RoomState
  assert.deepEqual([...namedIn(room, undefined)], [1, 8])
  const opened: RoomState = { ...room, window: { from: 1, messages: log } }
  assert.deepEqual(new Set(namedIn(opened, room)), new Set([1, 7, 8]))
})
