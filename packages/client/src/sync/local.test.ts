import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createModel } from './model.fixture.ts'
import { nextTick } from './local.ts'
import { reduce } from './reduce.ts'
import { emptyState, type Outgoing, type SyncEvent } from './state.ts'

/** A client with one opened group of three, up to date. */
function openedRoom() {
  let state = emptyState
  const model = createModel((frame) => dispatch({ type: 'frame', frame, now: 1_000 }), true)
  const dispatch = (event: SyncEvent) => {
    const step = reduce(state, event)
    state = step.state
    for (const effect of step.effects) {
      if (effect.type === 'load_list') dispatch({ type: 'list_loaded', op: effect.op, rooms: model.list() })
      if (effect.type !== 'open_room') continue
      const room = model.room(effect.room_id)!
      dispatch({ type: 'room_opened', op: effect.op, room, members: room.members, page: model.page(room.id)! })
    }
  }
  model.create('group', [2, 3])
  const hello = { connection_id: '', user_id: 1, heartbeat_ms: 1, resumed: false, token: model.head() }
  dispatch({ type: 'frame', frame: { type: 'hello', ...hello }, now: 0 })
  dispatch({ type: 'open', room_id: 1 })
  return { dispatch, model, group: model.rooms[0]!, state: () => state, room: () => state.rooms.get(1)! }
}

const outgoing = (client_message_id: string): Outgoing => ({
  client_message_id,
  room_id: 1,
  content: 'x',
  message_type: 'text',
  reply_to: null,
  file_id: null,
  upload: null,
  progress: 0,
  created_at: 0,
  status: 'sending',
  seq: null,
  error: null,
})
const sent = (client_message_id: string, seq: number): SyncEvent => ({
  type: 'progressed',
  room_id: 1,
  client_message_id,
  change: { status: 'sent', seq },
})

describe('a message on its way', () => {
  it('is shown once, whichever of frame and answer comes first, or when one never comes', () => {
    const { dispatch, model, group, room } = openedRoom()
    for (const id of ['a', 'b', 'c']) dispatch({ type: 'queued', message: outgoing(id) })
    const ids = () => room().outgoing.map((one) => one.client_message_id)
    const shown = () => room().window!.messages.map((one) => one.client_message_id)

    model.send(group, 1, 'a')
    assert.deepEqual(
      [ids(), shown()],
      [
        ['b', 'c'],
        [null, 'a'],
      ],
      'the frame alone',
    )
    dispatch(sent('a', 2))
    assert.deepEqual(ids(), ['b', 'c'])

    dispatch(sent('b', 3))
    assert.deepEqual(room().outgoing[0]?.status, 'sent', 'the answer alone: it stays until the log has it')
    model.send(group, 1, 'b')
    assert.deepEqual([ids(), shown()], [['c'], [null, 'a', 'b']])

    dispatch({ type: 'cancelled', room_id: 1, client_message_id: 'c' })
    assert.deepEqual(ids(), [])
  })
})

describe('who types', () => {
  it('is forgotten after five seconds, when they say so, and when their message comes', () => {
    const { dispatch, model, group, room, state } = openedRoom()
    const type = (user_id: number, now: number, typing = true) =>
      dispatch({ type: 'frame', frame: { type: 'typing', room_id: 1, user_id, typing, at: '' }, now })
    type(1, 1_000)
    assert.equal(room().typing.size, 0, 'not oneself')
    type(2, 1_000)
    type(3, 2_000)
    assert.equal(nextTick(state()), 6_000)
    dispatch({ type: 'tick', now: 6_000 })
    assert.deepEqual([...room().typing.keys()], [3])
    model.send(group, 3)
    assert.equal(room().typing.size, 0)
    type(2, 7_000)
    type(2, 7_500, false)
    assert.equal(nextTick(state()), undefined)
  })
})
