import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Outbox } from '@bigtech/messaging'
import type { ClosureStore, FileStore, PeopleReadModel, StoredFile } from '../ports.ts'
import { sequence, traceparent } from './chat-store.fixture.ts'

/** What is of no room. */
export type PeopleStores = Readonly<{
  people: PeopleReadModel
  closures: Pick<ClosureStore, 'prepare' | 'cancel'>
  files: FileStore
  outbox: Pick<Outbox, 'claim'>
}>

const profile = (display_name: string, active = true) => ({
  username: 'u',
  display_name,
  profile_image_url: null,
  active,
})
export const storedFile = (id: string, owner_id: number, size = 1, created_at = 1): StoredFile => ({
  id,
  owner_id,
  name: '사진 👍🏽.png',
  type: 'image/png',
  size,
  width: 3,
  height: null,
  has_thumbnail: true,
  blob_key: `b-${id}`,
  thumbnail_key: `t-${id}`,
  created_at,
})

/**
 * The promises about people and files, for every adapter.
 * @param open two processes with the same, empty store; or the same one twice, where there is one
 */
export function chatPeopleContract(
  name: string,
  open: (t: TestContext) => Promise<readonly [PeopleStores, PeopleStores]>,
): void {
  describe(`${name}: people`, () => {
    it('are known as the last event told, wherever it came in', async (t) => {
      const both = await open(t)
      const [here, there] = both
      assert.equal(await here.people.highestId(), 0)
      for (const [i, one] of ['민수', '김민수', '김민수', '👩‍👩‍👧‍👦'].entries()) {
        const event = { event_id: `e${i}`, user_id: 7, now: 1, profile: profile(one, i !== 2) }
        await both[i % 2]!.people.applyProfile(event)
        for (const { people } of both)
          assert.deepEqual(await people.profiles([7, 8]), new Map([[7, { user_id: 7, ...event.profile }]]))
      }
      assert.equal(await there.people.highestId(), 7)
      assert.deepEqual(await here.people.profiles([]), new Map())
    })

    it('are latest until they are changed here, and the same object as long as nothing has', async (t) => {
      const [{ people }] = await open(t)
      await people.applyProfile({ event_id: 'a', user_id: 7, now: 1, profile: profile('민수') })
      const one = async () => (await people.profiles([7])).get(7)!
      const before = await one()
      assert.equal(people.isLatest(before), true)
      assert.equal(await one(), before)
      assert.equal(people.isLatest({ ...before }), false)
      await people.applyProfile({ event_id: 'b', user_id: 7, now: 1, profile: profile('김민수') })
      assert.equal(people.isLatest(before), false)
      assert.equal((await one()).display_name, '김민수')
    })

    it('an event has effect once, however often and wherever it comes, also at once', async (t) => {
      const both = await open(t)
      const base = { user_id: 7, now: 1, traceparent }
      await both[0].people.applyProfile({ ...base, event_id: 'p', profile: profile('민수') })
      await Promise.all(
        sequence(1, 10).map((n) => both[n % 2]!.closures.prepare({ ...base, event_id: 'c', saga_id: 's' })),
      )
      const claimed = await both[1].outbox.claim({ owner: 'test', limit: 100, leaseMs: 10_000, now: 1 })
      assert.deepEqual(
        claimed.map(({ record: { value } }) => [value.event_type, value['user_id'], value['saga_id']]),
        [['UserClosurePrepared', 7, 's']],
      )
      const isActive = async () => (await both[1].people.profiles([7])).get(7)?.active
      assert.equal(await isActive(), false)
      await both[0].closures.cancel({ ...base, event_id: 'x', saga_id: 's' })
      assert.equal(await isActive(), true)
      await both[1].people.applyProfile({ ...base, event_id: 'p', profile: profile('옛 이름', false) })
      await both[0].closures.prepare({ ...base, event_id: 'c', saga_id: 's' })
      assert.equal(await isActive(), true)
    })

    it('a block is of one side, and concerns both; told again it changes nothing', async (t) => {
      const both = await open(t)
      const block = (n: number, blocked: boolean) =>
        both[n % 2]!.people.applyBlock({ event_id: `b${n}`, now: 1, user_id: 1, blocked_user_id: 2, blocked })
      const told = async () => {
        const { people } = both[1]
        return [await people.hasBlocked(1, 2), await people.hasBlocked(2, 1), await people.blocked(2, 1)]
      }
      assert.deepEqual(await told(), [false, false, false])
      await Promise.all(sequence(1, 6).map((n) => block(n, true)))
      assert.deepEqual(await told(), [true, false, true])
      await block(7, false)
      await block(8, false)
      assert.deepEqual(await told(), [false, false, false])
    })
  })

  describe(`${name}: files`, () => {
    it('come back as they were stored', async (t) => {
      const [here, there] = await open(t)
      const bare = { ...storedFile('f2', 1, 2 ** 40), width: null, has_thumbnail: false, thumbnail_key: null }
      for (const file of [storedFile('f1', 1), bare]) {
        assert.equal(await here.files.add(file), 'added')
        assert.deepEqual(await there.files.get(file.id), file)
      }
      assert.equal(await here.files.get('f3'), undefined)
      assert.deepEqual([await there.files.visibleTo('f1', 1), await there.files.visibleTo('f1', 2)], [true, false])
    })

    it('are as many as the limits allow, of many that come in at once', async (t) => {
      const both = await open(t)
      const put = (n: number, owner: number, size: number, limits: { files: number; bytes: number }) =>
        both[n % 2]!.files.add(storedFile(`${owner}-${n}`, owner, size), limits)
      const many = sequence(1, 20)
      const files = await Promise.all(many.map((n) => put(n, 1, 1, { files: 7, bytes: 1_000 })))
      assert.equal(files.filter((outcome) => outcome === 'added').length, 7)
      assert.equal(files.filter((outcome) => outcome === 'too_many_files').length, 13)
      const bytes = await Promise.all(many.map((n) => put(n, 2, 30, { files: 1_000, bytes: 100 })))
      assert.equal(bytes.filter((outcome) => outcome === 'added').length, 3)
      assert.equal(bytes.filter((outcome) => outcome === 'storage_full').length, 17)
      assert.equal(await put(99, 2, 10, { files: 1_000, bytes: 100 }), 'added', 'what just fits')
      const { files: store } = both[1]
      assert.deepEqual(await store.usage(1), { files: 7, bytes: 7 })
      assert.deepEqual(await store.usage(3), { files: 0, bytes: 0 })
      assert.deepEqual(await store.largestUsages(5), {
        total: { files: 11, bytes: 107 },
        accounts: [
          { user_id: 2, files: 4, bytes: 100 },
          { user_id: 1, files: 7, bytes: 7 },
        ],
      })
      assert.equal((await store.largestUsages(1)).accounts.length, 1)
    })

    it('that nobody uses are taken by one of those who sweep at once, when they are old enough', async (t) => {
      const both = await open(t)
      for (const n of sequence(1, 12)) await both[n % 2]!.files.add(storedFile(`f${n}`, 1, 1, n))
      const swept = await Promise.all(sequence(1, 6).map((n) => both[n % 2]!.files.takeOrphans(11, 3)))
      for (const some of swept) assert.ok(some.length <= 3)
      const ids = swept.flat().map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length, 'none twice')
      while (true) {
        const more = await both[0].files.takeOrphans(11, 100)
        if (more.length === 0) break
        for (const file of more) assert.deepEqual(file, storedFile(file.id, 1, 1, Number(file.id.slice(1))))
        ids.push(...more.map(({ id }) => id))
      }
      assert.deepEqual(new Set(ids), new Set(sequence(1, 10).map((n) => `f${n}`)))
      assert.deepEqual(await both[1].files.usage(1), { files: 2, bytes: 2 })
      assert.equal(await both[1].files.get('f1'), undefined)
    })
  })
}
