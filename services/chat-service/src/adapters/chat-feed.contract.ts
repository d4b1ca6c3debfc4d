import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { searchWords } from '@bigtech/kernel'
import fc from 'fast-check'
import type { MessageRow } from '../domain/message.ts'
import type { Committed, MessageLog } from '../ports.ts'
import {
  all,
  change,
  direct,
  group,
  hear,
  send,
  text,
  tokenOfNow,
  traceparent,
  type OpenStore,
  type StoreUnderTest,
} from './chat-store.fixture.ts'

/** The promises of search and ChangeFeed, for every adapter. */
export function chatFeedContract(name: string, open: OpenStore): void {
  describe(`${name}: search`, () => {
    it('finds Korean substrings from two syllables, newest first, only in one’s rooms and time', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const other = await group(store, [8], '남의 방', 1_000, 7)
      await send(store, text(room, 1, '오늘 점심은 김치찌개입니다'))
      await send(store, text(room, 1, '김치 볶음밥도 좋아요. Hello WORLD'))
      await send(store, text(other, 7, '비밀 김치'))
      await store.rooms.addMembers({ ...change(1), room_id: room, user_ids: [3], via: 'added', limit: 10 })
      const { row } = await send(store, text(room, 1, '김치전!'))
      const find = async (user: number, ...words: string[]) =>
        (await store.messages.search({ user_id: user, words, room_id: null, before: null, limit: 10 }))!.map(
          (hit) => hit.row.content,
        )
      assert.deepEqual(await find(1, '김치'), [
        '김치전!',
        '김치 볶음밥도 좋아요. Hello WORLD',
        '오늘 점심은 김치찌개입니다',
      ])
      assert.deepEqual(await find(1, '치찌'), ['오늘 점심은 김치찌개입니다'])
      assert.deepEqual(await find(1, '김치', 'world'), ['김치 볶음밥도 좋아요. Hello WORLD'])
      assert.deepEqual(await find(1, '도좋'), [], 'not across a word boundary')
      assert.deepEqual(await find(3, '김치'), ['김치전!'], 'not before joining')
      assert.deepEqual(await find(9, '김치'), [])
      for (const user_id of [1, 9])
        for (const before of ['x', '1.x', ''])
          assert.equal(
            await store.messages.search({ user_id, words: ['김치'], room_id: null, before, limit: 10 }),
            undefined,
            `a cursor that nobody made: ${before}`,
          )
      const actor = { user_id: 1, role: 'owner', room_type: 'group' } as const
      await store.messages.change({
        room_id: room,
        seq: row.seq,
        change: { kind: 'edit', content: '파전!' },
        actor,
        now: 1,
        traceparent,
      })
      assert.deepEqual(await find(1, '파전'), ['파전!'])
      await store.messages.change({
        room_id: room,
        seq: row.seq,
        change: { kind: 'delete' },
        actor,
        now: 1,
        traceparent,
      })
      assert.deepEqual(await find(1, '파전'), [])
    })

    it('finds single syllables, symbols, emoji, names of files, and letters with or without accents', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      const file = {
        id: 'f1',
        name: '여행계획 Résumé.pdf',
        type: 'application/pdf',
        size: 1,
        width: null,
        height: null,
        has_thumbnail: false,
      }
      await send(store, text(room, 1, '물 좀 줘'))
      await send(store, text(room, 1, '나는 C++ 를 쓴다'))
      await send(store, text(room, 1, '좋아 👍🏽'))
      await send(store, text(room, 1, 'Café에서 보자'))
      const { row } = await send(store, { ...text(room, 1, '이거'), message_type: 'file', file })
      const find = async (query: string) =>
        (await store.messages.search({
          user_id: 1,
          words: searchWords(query),
          room_id: room,
          before: null,
          limit: 10,
        }))!.map((hit) => hit.row.content)
      for (const [query, content] of Object.entries({
        물: '물 좀 줘',
        '줘 물': '물 좀 줘',
        'c++': '나는 C++ 를 쓴다',
        '+': '나는 C++ 를 쓴다',
        '👍': '좋아 👍🏽',
        cafe: 'Café에서 보자',
        CAFÉ: 'Café에서 보자',
        계획: '이거',
        '이 resume pdf': '이거',
      }))
        assert.deepEqual(await find(query), [content], query)
      for (const query of ['c+++', '줘물', '계획 c++']) assert.deepEqual(await find(query), [], query)
      await store.messages.change({
        room_id: room,
        seq: row.seq,
        change: { kind: 'delete' },
        actor: { user_id: 1, role: 'owner', room_type: 'group' },
        now: 1,
        traceparent,
      })
      assert.deepEqual(await find('resume'), [])
    })
  })

  describe(`${name}: feed`, () => {
    it('tells everything since any position: snapshot + missed == fresh snapshot (random actions)', async (t) => {
      const store = await open(t)
      const step = fc.constantFrom('send', 'edit', 'delete', 'react', 'read', 'rename', 'add', 'remove')
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), fc.nat(25), async (steps, cut) => {
          let token = store.feed.token()
          const room = await group(store, [2, 3])
          let seen = new Map<number, MessageRow>()
          const snapshot = async () => new Map((await all(store, room)).map((row) => [row.seq, row]))
          for (const [index, what] of steps.entries()) {
            if (index === cut) {
              token = store.feed.token()
              seen = await snapshot()
            }
            await apply(store, room, what)
          }
          const missed = await store.feed.missed({ user_id: 2, token, limit: 1_000, total: 1_000 })
          const found = missed!.rooms.find((one) => one.room_id === room)
          for (const row of found?.rows ?? []) seen.set(row.seq, row)
          assert.deepEqual(
            [...seen.entries()].sort(([a], [b]) => a - b),
            [...(await snapshot()).entries()],
          )
          const { room: head } = (await store.rooms.find(room, 2))!
          if (found) assert.equal(Math.max(found.to_rev, found.rows?.at(-1)?.rev ?? 0), head.rev)
        }),
        { numRuns: 40 },
      )
    })

    it('tells all up to the revision it names, while others write', async (t) => {
      const store = await open(t)
      const room = await group(store, [2])
      for (let i = 0; i < 50; i++) await send(store, text(room, 1, `${i}`))
      const seqOf = new Map<number, number>()
      const work = { goesOn: true }
      const write = async (author: number) => {
        for (let n = 0; work.goesOn; n++) {
          const sent = await send(store, text(room, author, `${n}`))
          seqOf.set(sent.row.rev, sent.row.seq)
          const actor = { user_id: author, role: 'owner', room_type: 'group' } as const
          const kind = { kind: 'react', emoji: n % 2 === 0 ? '👍' : '👎' } as const
          const place = { room_id: room, seq: sent.row.seq - (n % 40), change: kind }
          const changed = await store.messages.change({ ...place, actor, now: 1, traceparent })
          if ('row' in changed) seqOf.set(changed.row.rev, changed.row.seq)
        }
      }
      const writing = Promise.all([1, 2, 1, 2].map(write))
      const told: { from: number; to: number; seqs: Set<number> }[] = []
      const tell = (from: number, to: number, rows: readonly MessageRow[]) =>
        told.push({ from, to, seqs: new Set(rows.map(({ seq }) => seq)) })
      const tokens = [store.feed.token()]
      let rev = 0
      // However slow the machine is: enough of both.
      for (let reads = 0; reads < 1_000 || seqOf.size < 500; reads++) {
        const changes = await store.messages.changes({ room_id: room, since_rev: rev, limit: 1_000 })
        if (changes.to_rev === null) tell(rev, changes.head_rev, changes.rows)
        const token = tokens.at(-20) ?? tokens[0]!
        const missed = (await store.feed.missed({ user_id: 2, token, limit: 1_000, total: 1_000 }))!
        for (const { from_rev, to_rev, rows } of missed.rooms) if (rows) tell(from_rev, to_rev, rows)
        rev = Math.max(0, changes.head_rev - 20)
        tokens.push(missed.token)
        // Lets what was committed come in.
        await new Promise((resolve) => setImmediate(resolve))
      }
      work.goesOn = false
      await writing
      for (const { from, to, seqs } of told)
        for (let one = from + 1; one <= to; one++)
          if (seqOf.has(one)) assert.ok(seqs.has(seqOf.get(one)!), `(${from}, ${to}] leaves out revision ${one}`)
    })

    it('leaves out the rows of a room with too many, and of rooms that would make them too many together', async (t) => {
      const store = await open(t)
      const token = store.feed.token()
      const [three, five, two] = [await group(store, [2]), await group(store, [2]), await group(store, [2])]
      // Each room begins with a message of its own.
      for (const [room, rows] of [
        [three, 3],
        [five, 5],
        [two, 2],
      ] as const)
        for (let i = 1; i < rows; i++) await apply(store, room, 'send')
      const found = async (limit: number, total: number) => {
        const { rooms } = (await store.feed.missed({ user_id: 2, token, limit, total }))!
        return new Map(rooms.map(({ room_id, rows }) => [room_id, rows?.length ?? null]))
      }
      assert.deepEqual(
        [...(await found(4, 100)).entries()].sort(([a], [b]) => a - b),
        [
          [three, 3],
          [five, null],
          [two, 2],
        ],
      )
      assert.deepEqual(
        [...(await found(5, 10)).entries()].toSorted(([a], [b]) => a - b),
        [
          [three, 3],
          [five, 5],
          [two, 2],
        ],
      )
      const some = [...(await found(5, 9)).values()]
      assert.ok(some.includes(null) && some.reduce((sum: number, rows) => sum + (rows ?? 0), 0) <= 9, String(some))
    })

    it('tells who was away that they joined, left, or muted a room elsewhere', async (t) => {
      const store = await open(t)
      const kept = await group(store, [2])
      const lost = await group(store, [2])
      const token = await tokenOfNow(store, 2)
      await store.rooms.removeMember({ ...change(1), room_id: lost, user_id: 2, via: 'removed' })
      const gained = await group(store, [2])
      await store.rooms.setMuted({ room_id: kept, user_id: 2, muted: true, now: 2_000, traceparent })
      const missed = (await store.feed.missed({ user_id: 2, token, limit: 100, total: 100 }))!
      assert.deepEqual(missed.left, [lost])
      assert.deepEqual(
        missed.rooms
          .toSorted((a, b) => a.room_id - b.room_id)
          .map((room) => [room.room_id, room.joined, room.settings?.notify ?? null]),
        [
          [kept, false, 'none'],
          [gained, true, null],
        ],
      )
    })

    it('tells other devices that a cleared direct room was opened again', async (t) => {
      const store = await open(t)
      const { room_id } = await direct(store, 1, 2)
      await store.rooms.hideDirect({ room_id, user_id: 1 })
      const token = await tokenOfNow(store, 1)
      const told = await hear(store, 1)
      await store.rooms.openDirect({ user_id: 1, other_id: 2, now: 2, traceparent })
      await eventually(() =>
        assert.deepEqual(
          told.map((c) => c.kind === 'settings' && [c.user_id, c.hidden]),
          [[1, false]],
        ),
      )
      const missed = (await store.feed.missed({ user_id: 1, token, limit: 10, total: 10 }))!
      assert.deepEqual(missed.rooms[0]?.settings, { notify: 'all', muted_until: null, hidden: false })
    })

    it('gives every change a token that does not cover the next, and in the end one that covers all', async (t) => {
      const store = await open(t)
      const { room_id } = await direct(store, 1, 2)
      await send(store, text(room_id, 2, '지울 것'))
      const told: [kind: Committed['kind'], token: string][] = []
      await hear(store, 1)
      store.feed.onCommitted((c, token) => told.push([c.kind, token]))
      await store.rooms.hideDirect({ room_id, user_id: 1 })
      await eventually(() =>
        assert.deepEqual(
          told.map(([kind]) => kind),
          ['read', 'settings'],
        ),
      )
      const missedAfter = (token: string) => store.feed.missed({ user_id: 1, token, limit: 10, total: 10 })
      assert.deepEqual((await missedAfter(told[0]![1]))!.rooms[0]?.settings, {
        notify: 'all',
        muted_until: null,
        hidden: true,
      })
      // A store of many processes may tell a change before it knows that nothing before it is on its way: then it is told again.
      for (const { room_id: again } of (await missedAfter(told[1]![1]))!.rooms) assert.equal(again, room_id)
      assert.deepEqual((await missedAfter(await tokenOfNow(store, 1)))!.rooms, [])
    })

    it('knows no token that is damaged, of another store, or ahead of it', async (t) => {
      const store = await open(t)
      const other = await open(t)
      for (const one of [store, other]) await group(one, [2])
      const ahead = (await tokenOfNow(store, 2)).replace(/.$/, 'zzz')
      for (const token of ['', 'x', '.', other.feed.token(), ahead, `${store.feed.token()} `])
        assert.equal(await store.feed.missed({ user_id: 2, token, limit: 10, total: 10 }), undefined, token)
    })

    it('emits joins before and leaves after the message that tells of them', async (t) => {
      const store = await open(t)
      const told = await hear(store, 1, 2)
      const room = await group(store, [2])
      await store.rooms.removeMember({ ...change(1), room_id: room, user_id: 2, via: 'left' })
      await eventually(() =>
        assert.deepEqual(
          told.map(({ kind }) => kind),
          ['joined', 'message', 'message', 'left'],
        ),
      )
    })
  })
}

async function apply(store: StoreUnderTest, room: number, what: string): Promise<void> {
  const rows = await all(store, room)
  const own = rows.findLast((row) => row.user_id === 1 && row.message_type === 'text')
  const actor = { user_id: 1, role: 'owner', room_type: 'group' } as const
  const act = async (kind: Parameters<MessageLog['change']>[0]['change']) => {
    if (own) await store.messages.change({ room_id: room, seq: own.seq, change: kind, actor, now: 1, traceparent })
  }
  switch (what) {
    case 'send':
      return void (await send(store, text(room, 1, `${rows.length}`)))
    case 'edit':
      return act({ kind: 'edit', content: `edited ${rows.length}` })
    case 'delete':
      return act({ kind: 'delete' })
    case 'react':
      return act({ kind: 'react', emoji: '👍' })
    case 'read':
      return void (await store.rooms.markRead({ room_id: room, user_id: 3, seq: rows.length, now: 1, traceparent }))
    case 'rename':
      return void (await store.rooms.rename({ ...change(1), room_id: room, name: `${rows.length}` }))
    case 'add':
      await store.rooms.addMembers({ ...change(1), room_id: room, user_ids: [4], via: 'added', limit: 100 })
      // Once they were removed they are asked.
      return void (await store.rooms.acceptInvitation({ ...change(4), room_id: room, limit: 100 }))
    case 'remove':
      return void (await store.rooms.removeMember({ ...change(1), room_id: room, user_id: 4, via: 'removed' }))
    default:
  }
}
