import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import {
  change,
  direct,
  group,
  send,
  text,
  traceparent,
  type OpenStore,
  type StoreUnderTest,
} from './chat-store.fixture.ts'

const USERS = [1, 2, 3] as const

type Step =
  | { do: 'send' | 'read' | 'hide' | 'leave' | 'join' | 'mute'; room: number; user: number }
  | { do: 'block' | 'unblock' | 'activate' | 'deactivate'; user: number; other: number }

const user = fc.constantFrom(...USERS)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('send', 'read', 'hide', 'leave', 'join', 'mute'),
    room: fc.constantFrom(0, 1),
    user,
  }),
  fc.record({ do: fc.constantFrom('block', 'unblock', 'activate', 'deactivate'), user, other: user }),
)

/** Whatever an adapter keeps in memory of rooms, members and people, it never differs from what is stored. */
export function chatSenderContract(name: string, open: OpenStore): void {
  it(`${name}: a message that was stored is said to be, also after its sender left: a copy of the command may come late`, async (t) => {
    const store = await open(t)
    const room = await group(store, [2])
    const first = await send(store, text(room, 2, '잘 있어요', 'key'))
    await store.rooms.removeMember({ ...change(2), room_id: room, user_id: 2, via: 'left' })
    const again = await send(store, text(room, 2, '잘 있어요', 'key'))
    assert.deepEqual([again.row.seq, again.duplicate], [first.row.seq, true])
    assert.equal(await store.messages.append(text(room, 2, '다른 내용', 'key')), 'not_member')
    assert.equal(await store.messages.append(text(room, 2, '잘 있어요', 'other key')), 'not_member')
  })

  it(`${name}: who may send where is what the store says, after any changes, many at once`, async (t) => {
    const store = await open(t)
    let event = 0
    const take = async (at: Step, rooms: readonly number[]): Promise<unknown> => {
      const base = { event_id: `e${event++}`, now: 1_000 }
      if ('other' in at) {
        const { user: user_id, other: blocked_user_id } = at
        if (at.do === 'block' || at.do === 'unblock')
          return store.people.applyBlock({ ...base, user_id, blocked_user_id, blocked: at.do === 'block' })
        const profile = { username: 'u', display_name: 'U', profile_image_url: null, active: at.do === 'activate' }
        return store.people.applyProfile({ ...base, user_id, profile })
      }
      const on = { room_id: rooms[at.room]!, user_id: at.user }
      switch (at.do) {
        case 'send':
          return store.messages.append(text(on.room_id, on.user_id, '안녕'))
        case 'read':
          return store.rooms.markRead({ ...on, seq: 1_000, now: 1_000, traceparent })
        case 'mute':
          return store.rooms.setMuted({ ...on, muted: true, now: 1_000, traceparent })
        case 'hide':
          return at.room === 0 ? store.rooms.hideDirect(on) : undefined
        case 'leave':
          return at.room === 1 ? store.rooms.removeMember({ ...change(at.user), ...on, via: 'left' }) : undefined
        case 'join': {
          const joining = { ...change(at.user), room_id: on.room_id, user_ids: [at.user] }
          return at.room === 1 ? store.rooms.addMembers({ ...joining, via: 'invite', limit: 10 }) : undefined
        }
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 }), async (turns) => {
        const rooms = [(await direct(store, 1, 2)).room_id, await group(store, [2])]
        for (const turn of [[], ...turns]) {
          await Promise.all(turn.map((at) => take(at, rooms)))
          for (const room of rooms) for (const person of USERS) await compare(store, room, person)
        }
      }),
      { numRuns: 60 },
    )
    assert.equal(await store.rooms.sender(9_999, 1), undefined)
  })
}

async function compare(store: StoreUnderTest, roomId: number, userId: number): Promise<void> {
  const [sender, found, partner] = await Promise.all([
    store.rooms.sender(roomId, userId),
    store.rooms.find(roomId, userId),
    store.rooms.partner(roomId, userId),
  ])
  const { room, me } = found!
  assert.deepEqual(sender, {
    room_type: room.type,
    me: me && { room_id: roomId, join_seq: me.join_seq },
    partner: room.type === 'direct' ? partner : undefined,
  })
}
