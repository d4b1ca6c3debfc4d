import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { RoomListEntry } from '../ports.ts'
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

const PROFILE = { username: 'u', profile_image_url: null, active: true }
const EVERYTHING = { user_id: 1, before: undefined, limit: 10 }

/** What a caller may keep of lists and of profiles, and how it learns that it is not so any more. */
export function chatListContract(name: string, open: OpenStore): void {
  describe(`${name}: lists around what is known`, () => {
    it('leaves out rooms that are known as they are, in their place', async (t) => {
      const store = await open(t)
      const [quiet, busy] = [await group(store, [2], '조용', 1), (await direct(store, 1, 2)).room_id]
      const before = new Map((await store.rooms.list(EVERYTHING)).map((entry) => [entry.room.id, entry]))
      const around = () => aroundKnown(store, before)
      assert.deepEqual(
        await around(),
        [
          { room_id: quiet, last_activity_at: 1, known: before.get(quiet) },
          { room_id: busy, last_activity_at: 1, known: before.get(busy) },
        ].toSorted((a, b) => b.room_id - a.room_id),
      )
      await send(store, { ...text(busy, 2, '안녕'), now: 2 })
      const [entry] = await store.rooms.list(EVERYTHING)
      assert.equal(entry!.last!.content, '안녕')
      assert.deepEqual(await around(), [
        { room_id: busy, last_activity_at: 2, entry },
        { room_id: quiet, last_activity_at: 1, known: before.get(quiet) },
      ])
      const second = await store.rooms.listAround({ ...EVERYTHING, before: [2, busy], limit: 1 }, () => undefined)
      assert.deepEqual(second, [{ room_id: quiet, last_activity_at: 1, entry: before.get(quiet) }])
    })

    it('has the last message whole, whatever it is', async (t) => {
      const store = await open(t)
      const room_id = await group(store, [2])
      const last = async () => {
        const { last: listed, room } = (await store.rooms.listed(room_id, 2))!
        assert.ok(listed)
        assert.deepEqual(listed, await store.messages.get(room_id, room.last_seq))
        return listed
      }
      assert.equal((await last()).system?.kind, 'room_created')
      const file = { id: 'f', name: '사진.png', type: 'image/png', size: 9, width: 1, height: 2, has_thumbnail: true }
      const { row } = await send(store, { ...text(room_id, 1, '안녕', 'c1'), message_type: 'image', file, reply_to: 1 })
      assert.deepEqual((await last()).file, file)
      const actor = { user_id: 1, role: 'owner', room_type: 'group' } as const
      const on = { room_id, seq: row.seq, actor, traceparent }
      await store.messages.change({ ...on, now: 2_000, change: { kind: 'react', emoji: '👍' } })
      await store.messages.change({ ...on, now: 3_000, change: { kind: 'pin' } })
      const changed = await last()
      assert.deepEqual([changed.reactions, changed.pinned_at, changed.pinned_by], [{ '👍': [1] }, 3_000, 1])
      await store.messages.change({ ...on, now: 4_000, change: { kind: 'delete' } })
      assert.equal((await last()).deleted_at, 4_000)
      const { row: plain } = await send(store, text(room_id, 1, '글'))
      await store.messages.change({ ...on, seq: plain.seq, now: 5_000, change: { kind: 'edit', content: '고침' } })
      assert.equal((await last()).edited_at, 5_000)
    })

    it('has one room as the list has it, a hidden one too, and nothing for who is no member', async (t) => {
      const store = await open(t)
      const { room_id } = await direct(store, 1, 2)
      assert.deepEqual([await store.rooms.listed(room_id, 1)], await store.rooms.list(EVERYTHING))
      await store.rooms.hideDirect({ room_id, user_id: 1 })
      assert.equal((await store.rooms.listed(room_id, 1))!.hidden, true)
      assert.equal(await store.rooms.listed(room_id, 3), undefined)
    })
  })

  describe(`${name}: unread mentions`, () => {
    const at = { offset: 0, length: 1 }
    const mine = { user_id: 1, ...at } as const
    const everyone = { everyone: true, ...at } as const

    it('are those of oneself and of everyone after what was read, each message once', async (t) => {
      const store = await open(t)
      const room_id = await group(store, [2, 3])
      const say = async (
        ...mentions: (typeof mine | typeof everyone | { user_id: number; offset: number; length: number })[]
      ) => (await send(store, { ...text(room_id, 2, '@'), mentions })).row
      const of = async (user: number) => (await store.rooms.listed(room_id, user))!.mentioned
      const first = await say(mine)
      const both = await say(mine, everyone)
      await say()
      const others = await say({ user_id: 3, ...at })
      // Whoever writes has read.
      assert.deepEqual([await of(1), await of(2), await of(3)], [[first.seq, both.seq], [], [both.seq, others.seq]])
      assert.deepEqual(both.mentions, [mine, everyone])
      assert.deepEqual((await store.messages.get(room_id, both.seq))!.mentions, [mine, everyone])
      assert.deepEqual((await store.rooms.list(EVERYTHING))[0]!.mentioned, [first.seq, both.seq])
      await store.rooms.markRead({ room_id, user_id: 1, seq: first.seq, now: 1, traceparent })
      assert.deepEqual(await of(1), [both.seq])
      // Of what was before one's time there is nothing.
      await store.rooms.addMembers({ ...change(1), room_id, user_ids: [4], via: 'added', limit: 10 })
      assert.deepEqual(await of(4), [])
      const later = await say(everyone)
      assert.deepEqual(await of(4), [later.seq])
    })

    it('go with the mention, or the message, and come with an edit', async (t) => {
      const store = await open(t)
      const room_id = await group(store, [2])
      const actor = { user_id: 2, role: 'member', room_type: 'group' } as const
      const { row } = await send(store, { ...text(room_id, 2, '@'), mentions: [mine] })
      const { row: plain } = await send(store, text(room_id, 2, '점심?'))
      const alter = (seq: number, what: Parameters<StoreUnderTest['messages']['change']>[0]['change']) =>
        store.messages.change({ room_id, seq, change: what, actor, now: 2_000, traceparent })
      const mentioned = async () => (await store.rooms.listed(room_id, 1))!.mentioned
      await alter(row.seq, { kind: 'react', emoji: '👍' })
      assert.deepEqual(await mentioned(), [row.seq])
      await alter(row.seq, { kind: 'edit', content: '아니' })
      assert.deepEqual(await mentioned(), [])
      await alter(row.seq, { kind: 'edit', content: '@', mentions: [everyone] })
      await alter(plain.seq, { kind: 'edit', content: '@', mentions: [mine] })
      assert.deepEqual(await mentioned(), [row.seq, plain.seq])
      await alter(row.seq, { kind: 'delete' })
      assert.deepEqual(await mentioned(), [plain.seq])
      assert.deepEqual((await store.messages.get(room_id, row.seq))!.mentions, [])
    })

    it('are found for members by what they are called, whatever the case', async (t) => {
      const store = await open(t)
      const room_id = await group(store, [2])
      for (const [user_id, username] of [
        [1, 'Minsu'],
        [2, 'École'],
        [3, 'harin'],
      ] as const) {
        const event = { event_id: `among ${room_id} ${user_id}`, user_id, now: 1 }
        await store.people.applyProfile({ ...event, profile: { ...PROFILE, username, display_name: '이름' } })
      }
      const among = (user_ids: number[], names: string[]) => store.rooms.membersAmong({ room_id, user_ids, names })
      const [one, two] = [
        { user_id: 1, username: 'Minsu' },
        { user_id: 2, username: 'École' },
      ]
      assert.deepEqual(await among([], ['minsu', 'école', 'harin', 'nobody']), [one, two])
      assert.deepEqual(await among([1, 3], []), [one])
      assert.deepEqual(await among([1], ['minsu', 'école']), [one, two])
      assert.deepEqual(await among([], []), [])
    })
  })

  describe(`${name}: the audience of a room`, () => {
    it('is the room with all its members, of whom the last that left is none', async (t) => {
      const store = await open(t)
      const room_id = await group(store, [3, 2])
      const { row } = await send(store, text(room_id, 2, '안녕'))
      await store.rooms.removeMember({ ...change(3), room_id, user_id: 3, via: 'left' })
      const audience = (await store.rooms.audience(room_id))!
      assert.deepEqual(audience.room, (await store.rooms.find(room_id, 1))!.room)
      assert.deepEqual(audience.members, await store.rooms.members(room_id))
      assert.deepEqual(
        audience.members.map(({ user_id, read_seq }) => [user_id, read_seq]),
        [
          [1, 1],
          [2, row.seq],
        ],
      )
      assert.equal(await store.rooms.audience(room_id + 1_000), undefined)
    })
  })

  describe(`${name}: the number beside the last message`, () => {
    it('is of those who have not read it, in direct rooms as in groups', async (t) => {
      const store = await open(t)
      for (const room_id of [(await direct(store, 1, 2)).room_id, await group(store, [2])]) {
        const { row } = await send(store, text(room_id, 2, '안녕'))
        const numbers = () =>
          Promise.all([1, 2].map(async (id) => (await store.rooms.listed(room_id, id))!.last_unread))
        assert.deepEqual(await numbers(), [1, 1])
        await store.rooms.markRead({ room_id, user_id: 1, seq: row.seq, now: 1, traceparent })
        assert.deepEqual(await numbers(), [0, 0])
      }
    })
  })

  describe(`${name}: profiles`, () => {
    it('are the latest ever after: renamed, set aside, taken back, erased', async (t) => {
      const store = await open(t)
      let event = 0
      const base = () => ({ event_id: `e${event++}`, user_id: 1, now: 1, saga_id: 's', traceparent: '' })
      const one = async () => (await store.people.profiles([1, 9])).get(1)
      assert.equal(await one(), undefined)
      const steps: [() => Promise<void>, string, boolean][] = [
        [() => store.people.applyProfile({ ...base(), profile: { ...PROFILE, display_name: '민수' } }), '민수', true],
        [
          () => store.people.applyProfile({ ...base(), profile: { ...PROFILE, display_name: '김민수' } }),
          '김민수',
          true,
        ],
        [() => store.closures.prepare(base()), '김민수', false],
        [() => store.closures.cancel(base()), '김민수', true],
        [() => store.closures.erase(base()), '탈퇴한 사용자', false],
      ]
      for (const [take, display_name, active] of steps) {
        const before = await one()
        await take()
        // Another process may have changed it: it is heard within a second.
        if (before) await eventually(() => assert.equal(store.people.isLatest(before), false))
        const after = (await one())!
        assert.deepEqual([after.display_name, after.active], [display_name, active])
        assert.equal(store.people.isLatest(after), true)
        assert.equal(await one(), after)
      }
    })
  })
}

const aroundKnown = (store: StoreUnderTest, known: ReadonlyMap<number, RoomListEntry>) =>
  store.rooms.listAround(EVERYTHING, (room_id, version) => {
    const entry = known.get(room_id)
    return entry?.version === version ? entry : undefined
  })
