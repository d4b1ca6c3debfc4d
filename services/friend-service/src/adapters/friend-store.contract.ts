import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Outbox } from '@bigtech/messaging'
import { pairEvents } from '../access/pair-events.ts'
import { decideAnswer, decideBlock, decideRemoval, decideRequest, type FriendRequest } from '../domain/pair.ts'
import type { FriendStore, PeopleStore, Profile } from '../ports.ts'

export type StoreUnderTest = { friends: FriendStore; people: PeopleStore; outbox: Outbox }

const LIMITS = { now: 1, ask_again_after: 100, per_day: 10, sent_today: 0 }

const events = pairEvents({
  clock: { now: () => 1_000 },
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
})

const profile = (user_id: number): Profile => ({
  user_id,
  username: `user${user_id}`,
  display_name: `사용자 ${user_id}`,
  status_message: null,
  profile_image_url: null,
  active: true,
})

/** Rows of some drivers have no prototype. */
const plain = <T extends object>(rows: readonly T[]): T[] => rows.map((row) => ({ ...row }))

/** The promises of FriendStore and PeopleStore, for every adapter. */
export function friendStoreContract(name: string, open: (t: TestContext) => Promise<StoreUnderTest>): void {
  const withPeople = async (t: TestContext, ids: number[]) => {
    const store = await open(t)
    for (const id of ids) await store.people.applyProfile({ event_id: `profile-${id}`, now: 1, profile: profile(id) })
    return store
  }
  const ask = (store: StoreUnderTest, a: number, b: number, now = 1) =>
    store.friends.update({
      a,
      b,
      now,
      decide: (pair, sent_today) => decideRequest(pair, a, b, { ...LIMITS, now, sent_today }),
      events,
    })
  const befriend = async (store: StoreUnderTest, a: number, b: number, now = 1) => {
    await ask(store, a, b, now)
    await ask(store, b, a, now)
  }
  const published = async (store: StoreUnderTest) =>
    (await store.outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 1 })).map(
      (row) => row.record.value.event_type,
    )

  describe(`${name}: friend store`, () => {
    it('makes one friendship of two requests that cross at the same moment', async (t) => {
      const store = await withPeople(t, [1, 2])
      const [one, two] = await Promise.all([ask(store, 1, 2), ask(store, 2, 1)])
      assert.ok('done' in one && 'done' in two)
      assert.deepEqual(await store.friends.pair(1, 2), { friends: true, pending: null, blocked_by: [], rejections: [] })
      assert.deepEqual(await published(store), ['FriendRequestSent', 'FriendRequestAccepted'])
      assert.deepEqual(plain(await store.friends.friends({ user_id: 1, before: undefined, limit: 10 })), [
        { friend_id: 2, since: 1 },
      ])
      assert.deepEqual(plain(await store.friends.friends({ user_id: 2, before: undefined, limit: 10 })), [
        { friend_id: 1, since: 1 },
      ])
    })

    it('keeps one of ten equal requests at once', async (t) => {
      const store = await withPeople(t, [1, 2])
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => ask(store, 1, 2)))
      assert.equal(outcomes.filter((outcome) => 'done' in outcome).length, 1)
      assert.equal(
        (await store.friends.requests({ user_id: 2, direction: 'received', before: undefined, limit: 10 })).length,
        1,
      )
      assert.deepEqual(await published(store), ['FriendRequestSent'])
    })

    it('writes nothing when the events cannot be made', async (t) => {
      const store = await withPeople(t, [1, 2])
      const broken = store.friends.update({
        a: 1,
        b: 2,
        now: 1,
        decide: (pair) => decideRequest(pair, 1, 2, LIMITS),
        events: () => {
          throw new Error('broken')
        },
      })
      await assert.rejects(broken, /broken/)
      assert.deepEqual(await store.friends.pair(1, 2), {
        friends: false,
        pending: null,
        blocked_by: [],
        rejections: [],
      })
      assert.deepEqual(await published(store), [])
    })

    it('lets only who may answer know of a request, and answers once', async (t) => {
      const store = await withPeople(t, [1, 2])
      const sent = await ask(store, 1, 2)
      assert.ok('done' in sent)
      const id = sent.request!.id
      const answer = (user: number, what: 'accept' | 'reject') =>
        store.friends.answer({
          id,
          now: 2,
          mayAnswer: (r) => r.to_user_id === user,
          decide: (r) => decideAnswer(r, what),
          events,
        })
      assert.equal(await answer(3, 'accept'), undefined)
      const accepted = await answer(2, 'accept')
      assert.ok(accepted && 'done' in accepted && accepted.request?.status === 'accepted')
      const again = await answer(2, 'accept')
      assert.ok(again && 'done' in again && again.done.length === 0 && again.request?.status === 'accepted')
      assert.deepEqual(await answer(2, 'reject'), { refused: 'REQUEST_CLOSED' })
    })

    it('remembers the latest rejection of a pair until they are friends', async (t) => {
      const store = await withPeople(t, [1, 2])
      const reject = async (by: number, now: number) => {
        const [open] = await store.friends.requests({ user_id: by, direction: 'received', before: undefined, limit: 1 })
        const decide = (request: FriendRequest) => decideAnswer(request, 'reject')
        await store.friends.answer({ id: open!.id, now, mayAnswer: () => true, decide, events })
      }
      await ask(store, 1, 2, 10)
      await reject(2, 20)
      assert.deepEqual((await store.friends.pair(1, 2)).rejections, [{ by: 2, at: 20 }])
      assert.deepEqual(await ask(store, 1, 2, 119), { refused: 'REJECTED_LATELY' })
      assert.ok('done' in (await ask(store, 1, 2, 120)))
      await reject(2, 130)
      assert.deepEqual((await store.friends.pair(2, 1)).rejections, [{ by: 2, at: 130 }])
      await ask(store, 2, 1, 140)
      await ask(store, 1, 2, 150)
      assert.equal((await store.friends.pair(1, 2)).friends, true)
    })

    it('lets as many requests as a day has of many at once', async (t) => {
      const others = Array.from({ length: 13 }, (_, i) => i + 2)
      const store = await withPeople(t, [1, ...others])
      const outcomes = await Promise.all(others.map((other) => ask(store, 1, other)))
      assert.equal(outcomes.filter((outcome) => 'done' in outcome).length, 10)
      const refused = outcomes.filter((outcome) => 'refused' in outcome)
      assert.equal(refused.length, 3)
      for (const outcome of refused) assert.deepEqual(outcome, { refused: 'TOO_MANY_REQUESTS_TODAY' })
      assert.ok('done' in (await ask(store, 1, 14, 1 + 86_400_000)))
    })

    it('ends everything between two people with a block, which outlives them', async (t) => {
      const store = await withPeople(t, [1, 2])
      await befriend(store, 1, 2)
      await store.friends.update({ a: 1, b: 2, now: 2, decide: (pair) => decideBlock(pair, 1, 2), events })
      assert.deepEqual(await store.friends.pair(2, 1), {
        friends: false,
        pending: null,
        blocked_by: [1],
        rejections: [],
      })
      assert.deepEqual(await ask(store, 2, 1), { refused: 'USER_NOT_FOUND' })
      assert.deepEqual((await published(store)).slice(2), ['FriendRemoved', 'UserBlocked'])
      assert.deepEqual(plain(await store.friends.blocks({ user_id: 1, before: undefined, limit: 5 })), [
        { blocked_user_id: 2, since: 2 },
      ])
    })

    it('pages friends by newest friendship, also those of one moment', async (t) => {
      const store = await withPeople(t, [1, 2, 3, 4, 5])
      for (const other of [2, 3, 4]) await befriend(store, 1, other, 7)
      await befriend(store, 1, 5, 9)
      const first = await store.friends.friends({ user_id: 1, before: undefined, limit: 2 })
      assert.deepEqual(
        first.map((row) => row.friend_id),
        [5, 4],
      )
      const second = await store.friends.friends({
        user_id: 1,
        before: [first[1]!.since, first[1]!.friend_id],
        limit: 2,
      })
      assert.deepEqual(
        second.map((row) => row.friend_id),
        [3, 2],
      )
    })

    it('suggests friends of friends without those there already is something with', async (t) => {
      const store = await withPeople(t, [1, 2, 3, 4, 5, 6, 7])
      await befriend(store, 1, 2)
      await befriend(store, 1, 3)
      for (const mutual of [2, 3]) await befriend(store, mutual, 4)
      await befriend(store, 2, 5)
      await befriend(store, 2, 6)
      await befriend(store, 2, 7)
      await ask(store, 6, 1)
      await store.friends.update({ a: 7, b: 1, now: 1, decide: (pair) => decideBlock(pair, 7, 1), events })
      const found = await store.friends.suggestions({ user_id: 1, limit: 10 })
      assert.deepEqual(plain(found), [
        { user_id: 4, mutual_friends: 2 },
        { user_id: 5, mutual_friends: 1 },
      ])
    })
  })

  describe(`${name}: people`, () => {
    it('takes each event once', async (t) => {
      const store = await withPeople(t, [1])
      await store.people.applyProfile({ event_id: 'a', now: 1, profile: { ...profile(1), display_name: '새 이름' } })
      await store.people.applyProfile({ event_id: 'a', now: 1, profile: { ...profile(1), display_name: '두 번' } })
      assert.equal((await store.people.profiles([1, 9])).get(1)!.display_name, '새 이름')
    })

    it('sets an account aside, gives it back, and forgets it for good', async (t) => {
      const store = await withPeople(t, [1, 2, 3])
      await befriend(store, 1, 2)
      await ask(store, 3, 1)
      const friends = async () => (await store.friends.friends({ user_id: 2, before: undefined, limit: 5 })).length
      const [reply] = events([{ kind: 'unfriend', by: 1, other: 2 }], null)
      await store.people.prepareClosure({ event_id: 'p', now: 1, user_id: 1, reply: reply! })
      assert.equal(await friends(), 0)
      await store.people.cancelClosure({ event_id: 'c', now: 1, user_id: 1 })
      assert.equal(await friends(), 1)
      const gone: number[] = []
      const erase = { event_id: 'e', now: 1, user_id: 1, events: (ids: readonly number[]) => (gone.push(...ids), []) }
      await store.people.erase(erase)
      await store.people.erase(erase)
      assert.deepEqual(gone, [2])
      assert.equal(await friends(), 0)
      assert.deepEqual(await store.friends.requests({ user_id: 3, direction: 'sent', before: undefined, limit: 5 }), [])
    })

    it('says since when somebody is a friend, as long as their account is there', async (t) => {
      const store = await withPeople(t, [1, 2])
      assert.equal(await store.friends.friendsSince(1, 2), undefined)
      await befriend(store, 1, 2, 7)
      assert.deepEqual([await store.friends.friendsSince(1, 2), await store.friends.friendsSince(2, 1)], [7, 7])
      const [reply] = events([{ kind: 'unfriend', by: 1, other: 2 }], null)
      await store.people.prepareClosure({ event_id: 'p', now: 8, user_id: 1, reply: reply! })
      assert.equal(await store.friends.friendsSince(2, 1), undefined)
    })

    it('ends a friendship from either side', async (t) => {
      const store = await withPeople(t, [1, 2])
      await befriend(store, 1, 2)
      await store.friends.update({ a: 2, b: 1, now: 2, decide: (pair) => decideRemoval(pair, 2, 1), events })
      assert.equal((await store.friends.pair(1, 2)).friends, false)
    })
  })
}
