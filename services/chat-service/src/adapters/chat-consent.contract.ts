import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MessageChange } from '../domain/message.ts'
import type { StoredFile } from '../ports.ts'
import {
  all,
  change,
  direct,
  group,
  send,
  sequence,
  text,
  traceparent,
  type OpenStore,
  type StoreUnderTest,
} from './chat-store.fixture.ts'

/** The promises about who comes into a room by whose will, and about how many, for every adapter. */
export function chatConsentContract(name: string, open: OpenStore): void {
  const go = (store: StoreUnderTest, room_id: number, user_id: number, by = user_id) =>
    store.rooms.removeMember({ ...change(by), room_id, user_id, via: by === user_id ? 'left' : 'removed' })
  const add = (store: StoreUnderTest, room_id: number, by: number, user_ids: number[], more = {}) =>
    store.rooms.addMembers({ ...change(by), room_id, user_ids, via: 'added', limit: 100, ...more })
  const accept = (store: StoreUnderTest, room_id: number, user: number, more = {}) =>
    store.rooms.acceptInvitation({ ...change(user), room_id, limit: 100, ...more })
  const asked = async (store: StoreUnderTest, user: number) =>
    (await store.rooms.invitations(user)).map(({ room_id, invited_by }) => [room_id, invited_by])
  const isIn = async (store: StoreUnderTest, room: number, user: number) =>
    (await store.rooms.member(room, user)) !== undefined

  describe(`${name}: consent`, () => {
    it('asks who left instead of adding them, and lets them in when they say yes', async (t) => {
      const store = await open(t)
      const room = await group(store, [2, 3])
      await go(store, room, 2)
      assert.deepEqual(await add(store, room, 3, [2, 4]), { added: [4], invited: [2] })
      assert.equal(await isIn(store, room, 2), false)
      const told = (await all(store, room)).at(-1)!
      assert.deepEqual(told.system, { kind: 'member_joined', user_ids: [4], via: 'added' }, 'names who came alone')
      assert.doesNotMatch(told.content, /#2\b/)
      assert.deepEqual(await asked(store, 2), [[room, 3]])
      assert.deepEqual(await Promise.all([accept(store, room, 2), accept(store, room, 2)]), ['done', 'done'])
      assert.deepEqual((await all(store, room)).at(-1)!.system, { kind: 'member_joined', user_ids: [2], via: 'invite' })
      assert.equal((await store.rooms.find(room, 2))!.room.member_count, 4)
      assert.deepEqual(await asked(store, 2), [])
    })

    it('lets nobody in who was not asked', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      await go(store, room, 2)
      const before = (await all(store, room)).length
      for (const user of [2, 9]) assert.equal(await accept(store, room, user), 'not_invited')
      assert.equal((await all(store, room)).length, before)
    })

    it('takes a no, and does not ask again for a while', async (t) => {
      const store = await open(t)
      const room = await group(store, [2, 3])
      await go(store, room, 2)
      await add(store, room, 1, [2])
      const no = { room_id: room, user_id: 2, now: 1_000 }
      assert.deepEqual(
        [await store.rooms.declineInvitation(no), await store.rooms.declineInvitation(no)],
        [true, false],
      )
      assert.equal(await accept(store, room, 2), 'not_invited')
      assert.deepEqual(await add(store, room, 3, [2], { ask_again_after: 500, now: 1_499 }), { added: [], invited: [] })
      assert.deepEqual(await asked(store, 2), [])
      assert.deepEqual(await add(store, room, 3, [2], { ask_again_after: 500, now: 1_500 }), {
        added: [],
        invited: [2],
      })
      assert.deepEqual(await asked(store, 2), [[room, 3]])
    })

    it('lets who was removed back by no link, and by the invitation of an admin only', async (t) => {
      const store = await open(t)
      const room = await group(store, [2, 3])
      await go(store, room, 2, 1)
      const byLink = { ...change(2), room_id: room, user_ids: [2], via: 'invite', limit: 100 } as const
      assert.equal(await store.rooms.addMembers(byLink), 'removed')
      assert.equal(await add(store, room, 3, [2]), 'admins_only')
      assert.deepEqual(await add(store, room, 1, [2]), { added: [], invited: [2] })
      assert.equal(await store.rooms.addMembers(byLink), 'removed', 'the yes is to the invitation')
      assert.equal(await accept(store, room, 2), 'done')
      await go(store, room, 3)
      const back = { ...byLink, ...change(3), user_ids: [3] }
      assert.deepEqual(await store.rooms.addMembers(back), { added: [3], invited: [] }, 'who left may take the link')
    })

    it('withdraws the invitations of who is removed, and those to a room nobody is in', async (t) => {
      const store = await open(t)
      const room = await group(store, [2, 3, 4])
      await go(store, room, 2)
      await go(store, room, 4)
      await add(store, room, 3, [2])
      await add(store, room, 1, [4])
      await go(store, room, 3, 1)
      assert.deepEqual([await asked(store, 2), await asked(store, 4)], [[], [[room, 1]]])
      await go(store, room, 1)
      assert.deepEqual(await asked(store, 4), [])
      assert.equal(await accept(store, room, 4), 'not_invited')
    })

    it('shows no invitation of somebody there is a block with', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      await go(store, room, 2)
      await add(store, room, 1, [2])
      await store.people.applyBlock({ event_id: 'block', now: 1, user_id: 2, blocked_user_id: 1, blocked: true })
      assert.deepEqual(await asked(store, 2), [])
    })

    it('tells who follows when the owner goes', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      await go(store, room, 1)
      assert.match((await all(store, room)).at(-1)!.content, /#1님이 나갔습니다. 이제 #2님이 방장입니다/)
    })

    it('names some others of a room, the same each time', async (t) => {
      const store = await open(t)
      const room = await group(store, [5, 2, 9], '')
      assert.deepEqual(await store.rooms.others(room, 5, 2), [1, 2])
      assert.deepEqual(await store.rooms.others(room, 1, 5), [2, 5, 9])
    })
  })

  describe(`${name}: quotas`, () => {
    it('hold for many at once: members, rooms and groups a day', async (t) => {
      const store = await open(t)
      const limits = { members: 3, rooms: 4, per_day: 3 }
      const make = (member_ids: number[], now = 1_000) =>
        store.rooms.createGroup({ ...change(1), now, name: '모임', member_ids, limits })
      assert.equal(await make([2, 3, 4]), 'full')
      const made = await Promise.all(sequence(1, 8).map(() => make([])))
      assert.equal(made.filter((outcome) => typeof outcome === 'object').length, 3)
      assert.equal(made.filter((outcome) => outcome === 'too_many_today').length, 5)
      assert.ok(typeof (await make([], 1_000 + 86_400_000)) === 'object', 'the next day')
      assert.equal(await make([], 1_000 + 86_400_000), 'too_many_rooms')
      const direct = { user_id: 1, other_id: 2, now: 1, traceparent, rooms_limit: 4 }
      assert.equal(await store.rooms.openDirect(direct), 'too_many_rooms')
      assert.ok(typeof (await store.rooms.openDirect({ ...direct, user_id: 2, other_id: 1 })) === 'object', 'to them')
      const crowded = await store.rooms.createGroup({ ...change(7), name: '', member_ids: [1], limits })
      assert.equal(crowded, 'too_many_rooms_of_others')

      const room = await group(store, [2], '자리', 1_000, 7)
      const joins = await Promise.all(sequence(10, 15).map((user) => add(store, room, 7, [user], { limit: 4 })))
      assert.equal(joins.filter((outcome) => outcome === 'full').length, 4)
      assert.equal(await add(store, room, 7, [1], { rooms_limit: 4 }), 'too_many_rooms')
      await go(store, room, 2)
      await add(store, room, 7, [2])
      assert.equal(await accept(store, room, 2, { limit: 3 }), 'full')
      assert.equal(await accept(store, room, 2, { rooms_limit: 1 }), 'too_many_rooms')
    })

    it('leave a direct room that there is open to both', async (t) => {
      const store = await open(t)
      const { room_id } = await direct(store, 1, 2)
      const again = await store.rooms.openDirect({ user_id: 1, other_id: 2, now: 1, traceparent, rooms_limit: 1 })
      assert.deepEqual(again, { room_id, created: false })
    })

    it('hold for many files at once, in number and in bytes, and tell what is used', async (t) => {
      const store = await open(t)
      const file = (id: string, owner_id: number, size: number): StoredFile => ({
        id,
        owner_id,
        name: 'a',
        type: 'text/plain',
        size,
        width: null,
        height: null,
        has_thumbnail: false,
        blob_key: id,
        thumbnail_key: null,
        created_at: 1,
      })
      const put = (n: number, size: number, limits: { files: number; bytes: number }, owner = 1) =>
        store.files.add(file(`${owner}-${n}-${size}`, owner, size), limits)
      const bytes = await Promise.all(sequence(1, 10).map((n) => put(n, 30, { files: 100, bytes: 100 })))
      assert.equal(bytes.filter((outcome) => outcome === 'added').length, 3)
      assert.equal(bytes.filter((outcome) => outcome === 'storage_full').length, 7)
      assert.equal(await put(11, 10, { files: 100, bytes: 100 }), 'added', 'what just fits')
      const files = await Promise.all(sequence(1, 10).map((n) => put(n, 1, { files: 2, bytes: 100 }, 2)))
      assert.deepEqual(files.filter((outcome) => outcome === 'added').length, 2)
      assert.equal(files.filter((outcome) => outcome === 'too_many_files').length, 8)
      assert.deepEqual(await store.files.usage(1), { files: 4, bytes: 100 })
      assert.deepEqual(await store.files.usage(9), { files: 0, bytes: 0 })
      assert.deepEqual(await store.files.largestUsages(1), {
        total: { files: 6, bytes: 102 },
        accounts: [{ user_id: 1, files: 4, bytes: 100 }],
      })
      assert.equal((await store.files.takeOrphans(2, 10)).length, 6)
      assert.deepEqual(await store.files.usage(1), { files: 0, bytes: 0 })
    })

    it('of reactions to a message and pins of a room are those the change comes with', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const rows = await Promise.all([send(store, text(room, 1, 'a')), send(store, text(room, 1, 'b'))])
      const act = (seq: number, what: MessageChange) =>
        store.messages.change({
          room_id: room,
          seq,
          change: what,
          actor: { user_id: 2, role: 'member', room_type: 'group' },
          limits: { reactions: 2, pins: 1 },
          now: 1,
          traceparent,
        })
      const seq = rows[0].row.seq
      const reactions = await Promise.all(['👍', '❤️', '🎉'].map((emoji) => act(seq, { kind: 'react', emoji })))
      // Which of them comes too late is nobody's affair.
      const refusals = (outcomes: readonly object[]) => outcomes.filter((outcome) => 'refused' in outcome)
      assert.deepEqual(refusals(reactions), [{ refused: 'TOO_MANY_REACTIONS' }])
      const pins = await Promise.all(rows.map(({ row }) => act(row.seq, { kind: 'pin' })))
      assert.deepEqual(refusals(pins), [{ refused: 'TOO_MANY_PINS' }])
    })

    it('count the links one makes in a day, in all rooms together', async (t) => {
      const store = await open(t)
      const rooms = [await group(store, []), await group(store, [])]
      const make = (n: number, user_id = 1) =>
        store.rooms.setInvite({
          room_id: rooms[n % 2]!,
          actor: 1,
          code: `code-${n}`,
          expires_at: null,
          by: { user_id, now: 1_000, per_day: 3 },
        })
      const outcomes = await Promise.all(sequence(1, 5).map((n) => make(n)))
      const kinds = outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : 'made'))
      assert.deepEqual(kinds.toSorted(), ['made', 'made', 'made', 'too_many_today', 'too_many_today'])
      for (const [of, room] of rooms.entries()) {
        const made = sequence(1, 5).filter((n) => n % 2 === of && kinds[n - 1] === 'made')
        const code = (await store.rooms.invite(room))?.code
        assert.ok(code ? made.some((n) => code === `code-${n}`) : made.length === 0, 'who was refused changed no link')
      }
      assert.deepEqual(await make(6, 2), { code: 'code-6', expires_at: null })
      const byNobody = { room_id: rooms[0]!, actor: 3, code: 'other', expires_at: null }
      assert.equal(await store.rooms.setInvite(byNobody), 'refused')
      assert.equal((await store.rooms.invite(rooms[0]!))?.code, 'code-6')
    })
  })
}
