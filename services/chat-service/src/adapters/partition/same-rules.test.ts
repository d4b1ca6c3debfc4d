import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, tempDir } from '@bigtech/testkit'
import fc from 'fast-check'
import type { MessageChange } from '../../domain/message.ts'
import type { Role } from '../../domain/room.ts'
import type { Committed } from '../../ports.ts'
import { all, change, direct, group, text, traceparent, type StoreUnderTest } from '../chat-store.fixture.ts'
import { createSqliteChatStore } from '../sqlite/store.ts'
import { openProcesses } from './store.fixture.ts'

type Store = Pick<StoreUnderTest, 'messages' | 'rooms' | 'people' | 'closures' | 'outbox' | 'feed'>

type Place = Readonly<{ rooms: readonly [group: number, direct: number]; people: readonly number[] }>

const USERS = [1, 2, 3, 4]
const MESSAGES = [
  'send',
  'reply',
  'again',
  'call',
  'edit to call',
  'edit',
  'delete',
  'react',
  'unreact',
  'pin',
  'unpin',
  'read',
]
const ROOMS = ['hide', 'open', 'mute', 'settings', 'rename', 'role', 'invite', 'erase', 'call']
const MEMBERS = ['add', 'link', 'accept', 'decline', 'leave', 'remove']
const EVERYONE = { everyone: true, offset: 0, length: 1 } as const
const step = fc.record({
  what: fc.oneof(...[MESSAGES, ROOMS, MEMBERS, MEMBERS].map((kinds) => fc.constantFrom(...kinds))),
  who: fc.constantFrom(...USERS),
  other: fc.constantFrom(...USERS),
  n: fc.nat(9),
  isDirect: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

/** A step on a store, from the same place: the same answer. */
async function take(store: Store, { rooms, people }: Place, at: Step, i: number): Promise<unknown> {
  const { what, n } = at
  const [who, other] = [people[at.who - 1]!, people[at.other - 1]!]
  const room_id = rooms[at.isDirect ? 1 : 0]
  const by = { ...change(who), now: 1_000 + i * 10 }
  const on = { ...by, room_id }
  const seq = n + 1
  const alter = (kind: MessageChange) => {
    const role = (['owner', 'admin', 'member'] as const)[n % 3]!
    const actor = { user_id: who, role, room_type: at.isDirect ? ('direct' as const) : ('group' as const) }
    return store.messages.change({ ...on, seq, change: kind, actor, limits: { reactions: 2, pins: 1 } })
  }
  const message = text(room_id, who, `${n}`)
  switch (what) {
    case 'send':
      return store.messages.append(message)
    case 'reply':
      return store.messages.append({ ...message, reply_to: 1, reply_to_user_id: who, client_message_id: `${i}` })
    case 'call': {
      const mentions = n % 3 === 0 ? [EVERYONE] : [{ user_id: other, offset: 0, length: 1 }]
      return store.messages.append({ ...message, mentions, client_message_id: `${i}` })
    }
    case 'edit to call':
      return alter({ kind: 'edit', content: `${i}`, mentions: [EVERYONE, { user_id: other, offset: 0, length: 1 }] })
    case 'again':
      return store.messages.append({ ...message, client_message_id: `same ${n % 3}` })
    case 'edit':
      return alter({ kind: 'edit', content: `${other}` })
    case 'delete':
    case 'pin':
    case 'unpin':
      return alter({ kind: what })
    case 'react':
    case 'unreact':
      return alter({ kind: what, emoji: ['👍', '👎', '🎉'][at.other % 3]! })
    case 'read':
      return store.rooms.markRead({ ...on, user_id: who, seq })
    case 'hide':
      return store.rooms.hideDirect({ room_id: rooms[1], user_id: who })
    case 'open':
      return store.rooms.openDirect({
        user_id: people[at.who % 2]!,
        other_id: people[1 - (at.who % 2)]!,
        now: by.now,
        traceparent,
      })
    case 'mute':
      return store.rooms.setMuted({ ...on, user_id: who, muted: n % 2 === 0 })
    case 'settings': {
      const notify = (['all', 'mentions', 'none'] as const)[n % 3]!
      return store.rooms.setSettings({ ...on, user_id: who, notify, muted_until: n % 2 === 0 ? null : by.now })
    }
    case 'rename':
      return store.rooms.rename({ ...on, room_id: rooms[0], name: n === 0 ? '' : `${n}` })
    case 'role': {
      const role = (['owner', 'admin', 'member'] as const satisfies Role[])[n % 3]!
      return store.rooms.setRole({ ...on, room_id: rooms[0], user_id: other, role })
    }
    case 'add':
    case 'link': {
      const user_ids = what === 'add' ? [other, people[at.other % 4]!] : [who]
      const via = what === 'add' ? 'added' : 'invite'
      const limits = { limit: 4, ask_again_after: 30, rooms_limit: 3 }
      return store.rooms.addMembers({ ...on, room_id: rooms[0], user_ids, via, ...limits })
    }
    case 'accept':
      return store.rooms.acceptInvitation({ ...on, room_id: rooms[0], limit: 4 })
    case 'decline':
      return store.rooms.declineInvitation({ room_id: rooms[0], user_id: who, now: by.now })
    case 'leave':
      return store.rooms.removeMember({ ...on, room_id: rooms[0], user_id: who, via: 'left' })
    case 'remove':
      return store.rooms.removeMember({ ...on, room_id: rooms[0], user_id: other, via: 'removed' })
    case 'invite':
      return store.rooms.setInvite({
        room_id: rooms[0],
        actor: who,
        code: n === 0 ? null : `${room_id}-${n}`,
        expires_at: n,
      })
    case 'erase':
      return at.who === 4 ? store.closures.erase({ ...by, event_id: `erase ${room_id} ${i}`, user_id: who }) : undefined
    default: {
      const profile = { username: 'u', display_name: `이름 ${n}`, profile_image_url: null, active: true }
      return store.people.applyProfile({ event_id: `call ${room_id} ${i}`, user_id: who, now: by.now, profile })
    }
  }
}

/** All that can be read of it. A room's version only says that it has changed. */
async function look(store: Store, { rooms, people }: Place) {
  const of = async (room: number) => ({
    rows: await all(store, room),
    changes: await store.messages.changes({ room_id: room, since_rev: 0, limit: 1_000 }),
    pins: await store.messages.pins(room, 0),
    members: await store.rooms.members(room),
    readSeqs: await store.rooms.readSeqs(room),
    invite: await store.rooms.invite(room),
    listed: await Promise.all(
      people.map(async (user) => {
        const listed = await store.rooms.listed(room, user)
        return listed && { ...listed, version: 0 }
      }),
    ),
  })
  return {
    rooms: await Promise.all(rooms.map(of)),
    invitations: await Promise.all(people.map((user) => store.rooms.invitations(user))),
  }
}

/** Events of a room in their order, without what is of the attempt. */
async function eventsOf({ outbox }: Store, room: number) {
  const rows = await outbox.claim({ owner: 'test', limit: 100_000, leaseMs: 10_000, now: 0 })
  return rows
    .map(({ record: { value, headers } }) => {
      const { event_id: _, ...told } = value as Record<string, unknown>
      return { ...told, redacts: headers['redacts'], room_id: value['room_id'] }
    })
    .filter((event) => event['room_id'] === room)
}

const isIn = (change: Committed, room: number): boolean =>
  ('row' in change ? change.row.room_id : change.room_id) === room

test('whatever is done is answered, stored and told as by the embedded store', async (t) => {
  const sqlite = await createSqliteChatStore(join(tempDir(t), 'chat.db'))
  t.after(() => sqlite.close())
  const stores: readonly Store[] = [sqlite, await openProcesses(t, ['a#1', 'b#1'])]
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const people = USERS.map((user) => 10 * run + user)
      run++
      const [owner, second, third] = people as [number, number, number]
      const both = await Promise.all(
        stores.map(async (store) => {
          const made = await group(store, [second, third], '모임', 1_000, owner)
          const place = { rooms: [made, (await direct(store, owner, second)).room_id], people } as const
          for (const person of people) await store.feed.follow(person, () => assert.fail('the feed was lost'))
          const told: Committed[] = []
          // The embedded store's have a `pos`, too.
          store.feed.onCommitted((one) => void told.push(Object.assign({ ...one }, { pos: 0 })))
          const answers: unknown[] = []
          for (const [i, one] of steps.entries()) answers.push((await take(store, place, one, i)) ?? null)
          const heard = () => place.rooms.map((room) => told.filter((one) => isIn(one, room)))
          return { heard, answers, state: await look(store, place), events: await eventsOf(store, made) }
        }),
      )
      const [embedded, partitioned] = both.map(({ heard, ...seen }) => ({ heard, seen }))
      assert.deepEqual(partitioned!.seen, embedded!.seen)
      await eventually(() => assert.deepEqual(partitioned!.heard(), embedded!.heard()))
    }),
    { numRuns: 200 },
  )
})
