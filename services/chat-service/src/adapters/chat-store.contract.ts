import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import fc from 'fast-check'
import { unreadCount, unreadMembers } from '../domain/room.ts'
import type { MessageLog } from '../ports.ts'
import {
  all,
  change,
  direct,
  group,
  hear,
  send,
  sequence,
  text,
  tokenOfNow,
  traceparent,
  type OpenStore,
} from './chat-store.fixture.ts'

/** The promises of MessageLog and RoomStore, for every adapter. */
export function chatStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: message log`, () => {
    it('gives 20 concurrent senders 1..n without gaps, in the order the feed tells', async (t) => {
      const store = await open(t)
      const members = sequence(2, 20)
      const room = await group(store, members)
      const told = await hear(store, 1)
      await Promise.all(
        [1, ...members].flatMap((user) => [1, 2, 3].map((n) => send(store, text(room, user, `${user}-${n}`)))),
      )
      const rows = await all(store, room)
      assert.deepEqual(
        rows.map((row) => row.seq),
        sequence(1, 61),
        'seq, the system message included',
      )
      assert.deepEqual(
        rows.map((row) => row.rev),
        sequence(1, 61),
      )
      const seqs = () => told.map((c) => c.kind === 'message' && c.row.seq)
      await eventually(() => assert.deepEqual(seqs(), sequence(2, 61)))
    })

    it('gives one message for a repeated client_message_id, ten times at once', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const outcomes = await Promise.all(sequence(1, 10).map(() => send(store, text(room, 1, '한 번만', 'key'))))
      assert.equal(new Set(outcomes.map((o) => o.row.seq)).size, 1)
      assert.equal(outcomes.filter((o) => !o.duplicate).length, 1)
      assert.equal((await all(store, room)).length, 2)
      assert.equal(await store.messages.append(text(room, 1, '다른 내용', 'key')), 'conflict')
      assert.equal((await send(store, text(room, 2, '다른 사람', 'key'))).duplicate, false)
    })

    it('a commit that fails shows nothing, tells nothing, and its numbers are not lost', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      await send(store, text(room, 1, '앞'))
      const token = await tokenOfNow(store, 2)
      const state = async () => ({
        rows: await all(store, room),
        list: await store.rooms.list({ user_id: 2, before: undefined, limit: 10 }),
        outbox: await store.outbox.stats(),
        missed: (await store.feed.missed({ user_id: 2, token, limit: 10, total: 10 }))!.rooms,
        read: await store.rooms.readSeqs(room),
      })
      const before = await state()
      const told = await hear(store, 1)
      const { mend, forGood } = store.failCommits()
      const lost = await Promise.allSettled(
        sequence(1, 10).map((n) => store.messages.append(text(room, 1 + (n % 2), `${n}`, `key-${n}`))),
      )
      assert.ok(lost.every(({ status }) => status === 'rejected'))
      assert.deepEqual(told, [])
      assert.deepEqual(await state(), before)
      mend()
      const again = await Promise.all(
        sequence(1, 10).map((n) => send(store, text(room, 1 + (n % 2), `${n}`, `key-${n}`))),
      )
      if (forGood) assert.ok(again.every((outcome) => !outcome.duplicate))
      assert.deepEqual(
        again.map(({ row }) => [row.seq, row.rev]).toSorted(([a], [b]) => a! - b!),
        sequence(3, 12).map((n) => [n, n]),
      )
      assert.equal((await all(store, room)).length, 12, 'each of them once, whatever came of the first attempt')
      await eventually(() => assert.equal(told.length, 10))
    })

    it('refuses who is no member and leaves nothing', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      assert.equal(await store.messages.append(text(room, 9, 'hi')), 'not_member')
      assert.equal((await all(store, room)).length, 1)
      assert.equal((await store.outbox.stats()).pending, 1, "the room's creation alone")
    })

    it('refuses reactions and read marks of somebody who has left since they were allowed', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const { row } = await send(store, text(room, 1, '안녕'))
      const react = { kind: 'react', emoji: '👍' } as const
      const by = { room_id: room, now: 1_000, traceparent }
      const [, reaction, read] = await Promise.all([
        store.rooms.removeMember({ ...change(2), room_id: room, user_id: 2, via: 'left' }),
        store.messages.change({
          ...by,
          seq: row.seq,
          change: react,
          actor: { user_id: 2, role: 'member', room_type: 'group' },
        }),
        store.rooms.markRead({ ...by, user_id: 2, seq: row.seq }),
      ])
      assert.deepEqual(reaction, { refused: 'NOT_A_MEMBER' })
      assert.equal(read, 'not_member')
      assert.deepEqual((await store.messages.get(room, row.seq))!.reactions, {})
    })

    it('changes nothing from before the actor left and came back, however the change was checked before', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const { row } = await send(store, text(room, 1, '그동안'))
      await store.rooms.removeMember({ ...change(2), room_id: room, user_id: 2, via: 'left' })
      await store.rooms.addMembers({ ...change(2), room_id: room, user_ids: [2], via: 'invite', limit: 10 })
      const actor = { user_id: 2, role: 'member', room_type: 'group' } as const
      const place = { room_id: room, seq: row.seq, actor, now: 1, traceparent }
      for (const kind of [{ kind: 'react', emoji: '👍' }, { kind: 'pin' }] as const)
        assert.deepEqual(await store.messages.change({ ...place, change: kind }), { refused: 'MESSAGE_NOT_FOUND' })
      assert.deepEqual((await store.messages.get(room, row.seq))!.reactions, {})
    })

    it('takes the next rev for a change, none for a change that changes nothing', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const { row } = await send(store, text(room, 1, 'a'))
      const as = (user_id: number) => ({ user_id, role: 'member' as const, room_type: 'group' as const })
      const act = (user: number, what: Parameters<MessageLog['change']>[0]['change']) =>
        store.messages.change({ room_id: room, seq: row.seq, change: what, actor: as(user), now: 2_000, traceparent })
      const edited = await act(1, { kind: 'edit', content: 'b' })
      assert.ok('row' in edited && edited.row.rev === 3 && edited.row.content === 'b' && edited.row.edited_at === 2_000)
      assert.deepEqual(await act(2, { kind: 'edit', content: 'c' }), { refused: 'NOT_YOUR_MESSAGE' })
      await act(2, { kind: 'react', emoji: '👍' })
      const again = await act(2, { kind: 'react', emoji: '👍' })
      assert.ok('row' in again && again.row.rev === 4)
      const gone = await act(1, { kind: 'delete' })
      assert.ok('row' in gone && gone.row.rev === 5 && gone.row.content === '' && gone.row.deleted_at === 2_000)
      assert.deepEqual(await act(2, { kind: 'react', emoji: '👎' }), { refused: 'MESSAGE_DELETED' })
      const { rows, head_rev } = await store.messages.changes({ room_id: room, since_rev: 2, limit: 10 })
      assert.equal(head_rev, 5)
      assert.deepEqual(
        rows.map((r) => [r.seq, r.rev]),
        [[2, 5]],
      )
    })

    it('pages both ways', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      for (const n of sequence(1, 9)) await send(store, text(room, 1, String(n)))
      const page = async (query: Partial<Parameters<MessageLog['page']>[0]>) =>
        (
          await store.messages.page({
            room_id: room,
            after: 0,
            before: Number.MAX_SAFE_INTEGER,
            limit: 3,
            fromEnd: false,
            ...query,
          })
        ).map((row) => row.seq)
      assert.deepEqual(await page({ fromEnd: true }), [8, 9, 10])
      assert.deepEqual(await page({ fromEnd: true, before: 8 }), [5, 6, 7])
      assert.deepEqual(await page({ after: 3 }), [4, 5, 6])
      assert.deepEqual(await page({ after: 8 }), [9, 10])
      assert.deepEqual(await page({ after: 10 }), [])
    })
  })

  describe(`${name}: read state`, () => {
    it('only grows, never passes the head, and equals a recount (random actions)', async (t) => {
      const store = await open(t)
      const users = [1, 2, 3, 4]
      const action = fc.record({
        user: fc.constantFrom(...users),
        what: fc.oneof(
          { weight: 2, arbitrary: fc.constant('send' as const) },
          { weight: 1, arbitrary: fc.constantFrom('delete' as const, 'rename' as const) },
          { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 }) },
        ),
        at: fc.nat(),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
          const room = await group(store, [2, 3, 4])
          const model = new Map(users.map((user) => [user, user === 1 ? 1 : 0]))
          let head = 1
          for (const { user, what, at } of actions) {
            if (what === 'send') {
              const { row, unread_count } = await send(store, text(room, user, 'x'))
              head++
              model.set(user, head)
              assert.equal(row.seq, head)
              assert.equal(unread_count, 3)
            } else if (what === 'delete') {
              // The owner's, of anybody's message.
              const actor = { user_id: 1, role: 'owner', room_type: 'group' } as const
              const on = { room_id: room, seq: 1 + (at % head), actor, now: 1, traceparent }
              await store.messages.change({ ...on, change: { kind: 'delete' } })
            } else if (what === 'rename') {
              await store.rooms.rename({ ...change(1), room_id: room, name: `${at}` })
              head++
              model.set(1, head)
            } else {
              const read = await store.rooms.markRead({ room_id: room, user_id: user, seq: what, now: 1, traceparent })
              const old_read_seq = model.get(user)!
              const read_seq = Math.max(old_read_seq, Math.min(what, head))
              model.set(user, read_seq)
              assert.deepEqual(read, { old_read_seq, read_seq })
            }
          }
          const readSeqs = await store.rooms.readSeqs(room)
          assert.deepEqual(
            readSeqs,
            [...model.values()].sort((a, b) => a - b),
          )
          for (const seq of sequence(1, head))
            assert.equal(unreadMembers(readSeqs, seq), [...model.values()].filter((read) => read < seq).length)
          for (const user of users) {
            const [entry] = [await store.rooms.listed(room, user)]
            const after = Math.max(entry!.me.read_seq, entry!.me.join_seq)
            const unread = (await all(store, room)).filter((row) => row.seq > after)
            const [counted, not] = [true, false].map((counts) =>
              unread.filter((row) => (row.message_type !== 'system' && row.deleted_at === null) === counts),
            )
            assert.deepEqual(
              entry!.uncounted,
              not!.map((row) => row.seq),
            )
            assert.deepEqual(await store.rooms.uncounted(room, after), entry!.uncounted)
            assert.equal(unreadCount(entry!.room.last_seq, entry!.me, entry!.uncounted), counted!.length)
          }
        }),
        { numRuns: 25 },
      )
    })
  })

  describe(`${name}: rooms`, () => {
    it('has one direct room a pair, however many ask at once', async (t) => {
      const store = await open(t)
      const ask = (a: number, b: number) => direct(store, a, b)
      const answers = await Promise.all([ask(1, 2), ask(2, 1), ask(1, 2), ask(2, 1)])
      assert.equal(new Set(answers.map((a) => a.room_id)).size, 1)
      assert.equal(answers.filter((a) => a.created).length, 1)
    })

    it('shows nobody what was before their time, and passes ownership on', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      await send(store, text(room, 1, '전에'))
      assert.deepEqual(
        await store.rooms.addMembers({ ...change(1), room_id: room, user_ids: [2, 3], via: 'added', limit: 10 }),
        { added: [3], invited: [] },
      )
      const added = (await store.rooms.member(room, 3))!
      assert.equal(added.join_seq, 2)
      assert.equal(added.read_seq, 2)
      assert.deepEqual(
        await store.rooms.addMembers({ ...change(1), room_id: room, user_ids: [4], via: 'added', limit: 3 }),
        'full',
      )
      assert.equal(await store.rooms.removeMember({ ...change(1), room_id: room, user_id: 1, via: 'left' }), true)
      assert.equal(await store.rooms.removeMember({ ...change(1), room_id: room, user_id: 1, via: 'left' }), false)
      assert.equal((await store.rooms.member(room, 2))!.role, 'owner')
      assert.equal((await store.rooms.find(room, 1))!.me, undefined)
      assert.equal((await store.rooms.find(room, 2))!.room.member_count, 2)
      const left = [await store.rooms.member(room, 2), await store.rooms.member(room, 3)]
      assert.deepEqual(await store.rooms.members(room), left)
      assert.deepEqual(await store.rooms.memberPage({ room_id: room, after_user_id: 2, limit: 5 }), left.slice(1))
      const last = (await all(store, room)).at(-1)!
      assert.deepEqual(last.system, { kind: 'member_left', user_ids: [1], via: 'left', new_owner: 2 })
    })

    it('refuses, inside the change, who has lost the right to it, so that a group always has one owner', async (t) => {
      const store = await open(t)
      const room = await group(store, [2, 3])
      const give = (actor: number, user_id: number) =>
        store.rooms.setRole({ ...change(actor), room_id: room, user_id, role: 'owner' })
      const outcomes = await Promise.all([give(1, 2), give(1, 3)])
      assert.deepEqual(outcomes.toSorted(), ['done', 'refused'])
      // Two processes decide by themselves who asks first.
      const [owner, other] = outcomes[0] === 'done' ? ([2, 3] as const) : ([3, 2] as const)
      await store.rooms.removeMember({ ...change(other), room_id: room, user_id: other, via: 'left' })
      assert.equal(await give(owner, other), 'refused', 'who is gone cannot own it')
      const before = (await all(store, room)).length
      assert.equal(await store.rooms.rename({ ...change(other), room_id: room, name: '몰래' }), 'refused')
      const add = { ...change(other), room_id: room, user_ids: [4], via: 'added', limit: 10 } as const
      assert.equal(await store.rooms.addMembers(add), 'refused')
      const remove = { ...change(1), room_id: room, user_id: owner, via: 'removed' } as const
      assert.equal(await store.rooms.removeMember(remove), 'refused', 'an admin does not remove the owner')
      assert.equal((await all(store, room)).length, before)
      assert.equal((await store.rooms.member(room, owner))!.role, 'owner')
    })

    it('hides a cleared direct room until its next message', async (t) => {
      const store = await open(t)
      const { room_id } = await direct(store, 1, 2)
      await send(store, text(room_id, 2, '지울 것'))
      await store.rooms.hideDirect({ room_id, user_id: 1 })
      const list = () => store.rooms.list({ user_id: 1, before: undefined, limit: 10 })
      assert.deepEqual(await list(), [])
      await send(store, text(room_id, 2, '새 메시지'))
      const [entry] = await list()
      assert.equal(entry!.last!.content, '새 메시지')
      assert.equal(entry!.me.join_seq, 1)
      assert.equal(unreadCount(entry!.room.last_seq, entry!.me, entry!.uncounted), 1)
    })

    it('lists by newest activity, page by page', async (t) => {
      const store = await open(t)
      const ids = []
      for (const n of sequence(1, 5)) ids.push(await group(store, [], `${n}`, n))
      await send(store, { ...text(ids[0]!, 1, 'up'), now: 99 })
      const first = await store.rooms.list({ user_id: 1, before: undefined, limit: 3 })
      assert.deepEqual(
        first.map((e) => e.room.id),
        [ids[0], ids[4], ids[3]],
      )
      const { last_activity_at, room } = first[2]!
      const second = await store.rooms.list({ user_id: 1, before: [last_activity_at, room.id], limit: 3 })
      assert.deepEqual(
        second.map((e) => e.room.id),
        [ids[2], ids[1]],
      )
    })
  })
}
