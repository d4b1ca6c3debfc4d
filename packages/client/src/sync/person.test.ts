import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Frame } from '../stream/frames.ts'
import type { Room } from '../types.ts'
import { reduce } from './reduce.ts'
import { emptyState, type SyncEvent } from './state.ts'

const person = (display_name: string) => ({ user_id: 2, username: 'jiwoo', display_name, profile_image_url: null })
const member = {
  ...person('지우'),
  role: 'member',
  joined_at: '2026-01-01T00:00:00.000Z',
  join_seq: 0,
  read_seq: 0,
} as const
const room = (id: number, change: Partial<Room>) =>
  ({
    id,
    type: 'group',
    name: '모임',
    named: true,
    rev: 1,
    last_seq: 1,
    members: [member],
    member_count: 1,
    ...change,
  }) as Room
const own = { ...member, user_id: 1 }
const ROOMS = [
  room(1, { type: 'direct', name: '지우', named: false, members: [member, own], member_count: 2 }),
  room(2, {}),
  room(3, { name: '민수, 지우', named: false }),
  room(4, { name: '민수, 소라', named: false }),
]

/** @returns what is known, and what is to be fetched after the last of them */
function after(...events: readonly SyncEvent[]) {
  let step: ReturnType<typeof reduce> = { state: emptyState, effects: [] }
  for (const event of events) step = reduce(step.state, event)
  return step
}
const frame = (told: object): SyncEvent => ({ type: 'frame', frame: told as Frame, now: 0 })
const hello = frame({ type: 'hello', user_id: 1, resumed: false, token: 't' })
const listed: SyncEvent = { type: 'list_loaded', op: 1, rooms: ROOMS }
const news = (room_id: number | undefined, name = '이지우', previous_name: string | null = '지우') =>
  frame({ type: 'person', room_id, previous_name, ...person(name) })

describe('somebody with another name', () => {
  it('is known by it, and so is their direct room; groups that are named after them are fetched', () => {
    // Each room is told of it, in any order.
    for (const ids of [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
    ]) {
      let step = after(hello, listed)
      const fetched: unknown[] = []
      for (const id of ids) {
        step = reduce(step.state, news(id))
        for (const effect of step.effects) fetched.push(effect.type === 'load_room' && effect.room_id)
      }
      assert.equal(step.state.people.get(2)?.display_name, '이지우')
      assert.deepEqual(
        ROOMS.map(({ id }) => step.state.rooms.get(id)?.name),
        ['이지우', '모임', '민수, 지우', '민수, 소라'],
      )
      assert.deepEqual(fetched, [3])
    }
  })

  it('a room is not named after oneself, also where the other has the same name', () => {
    const mine = frame({ type: 'person', room_id: 1, previous_name: '지우', ...person('이지우'), user_id: 1 })
    const { state, effects } = after(hello, listed, mine)
    assert.deepEqual([state.rooms.get(1)?.name, effects], ['지우', []])
  })

  it('with the same name and another picture, nothing is fetched; nor where a friend is told of, or nobody knew them', () => {
    for (const told of [news(3, '지우'), news(undefined), news(3, '이지우', null)])
      assert.deepEqual(after(hello, listed, told).effects, [])
  })

  it('is known by the newer one, whether it is told before the list of rooms comes or after', () => {
    for (const events of [
      [news(2), listed],
      [listed, news(2)],
    ])
      assert.equal(after(hello, ...events).state.people.get(2)?.display_name, '이지우')
  })
})
