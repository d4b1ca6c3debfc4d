import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { CareDataErased } from '../contract/events.ts'
import type { RecordingStore } from '../ports.ts'
import { entry, type EntryStores } from './entry-store.contract.ts'
import { waitingIn } from './waiting.fixture.ts'

export type RecordingStores = EntryStores & Readonly<{ recordings: RecordingStore }>

const [ME, OTHER] = [1, 2] as const
const INTERRUPTED = 'RECORDING_INTERRUPTED'

/** The promises of a RecordingStore. @param open as many processes on one database as are asked for */
export function recordingStoreContract(
  name: string,
  open: (t: TestContext, processes?: number) => Promise<RecordingStores[]>,
): void {
  async function start(t: TestContext) {
    const [stores] = (await open(t)) as [RecordingStores]
    await stores.consents.give({ user_id: ME, kind: 'analysis', subject: '', version: 2, now: 1 })
    const { recordings } = stores
    const add = (changes: Partial<Parameters<RecordingStore['add']>[0]> = {}) =>
      recordings.add({ user_id: ME, owner: 'a', seconds: 3, keep_text: false, now: 10, lease_until: 100, ...changes })
    const one = (id: number, now = 20, user_id: number = ME) =>
      recordings.one({ user_id, id, now, fetched_until: now + 60 })
    return { ...stores, add, one }
  }
  const own = (id: number, now = 20) => ({ id, owner: 'a', now })
  const keeping = { consent: 2, perDay: 10, events: (entry_id: number) => [CareDataErased.make({ user_id: entry_id })] }
  const finished = { entry: entry({ kind: 'voice' }), keeping, result: '{"transcript":"말"}', result_until: 1_000 }

  describe(`recordings on ${name}`, () => {
    it('wait, are listened to, and are done with an entry and a result', async (t) => {
      const { recordings, entries, outbox, add, one } = await start(t)
      const id = await add()
      assert.deepEqual(await one(id), {
        id,
        user_id: ME,
        state: 'queued',
        progress: 0,
        ahead: 0,
        seconds: 3,
        created_at: 10,
        updated_at: 10,
        error_code: null,
        entry_id: null,
        result: null,
      })
      assert.equal(await recordings.begin(own(id)), 'begun')
      assert.equal(await recordings.progress({ ...own(id, 30), state: 'analysing', progress: 0.5 }), true)
      const half = await one(id)
      assert.deepEqual([half!.state, half!.progress, half!.updated_at], ['analysing', 0.5, 30])
      const kept = await recordings.finish({ ...own(id, 40), ...finished })
      assert.ok(kept !== 'over' && 'id' in kept)
      const done = await one(id)
      assert.deepEqual(
        [done!.state, done!.progress, done!.entry_id, done!.result],
        ['done', 1, kept.id, finished.result],
      )
      assert.equal((await entries.one({ user_id: ME, id: kept.id, now: 20 }))!.kind, 'voice')
      assert.equal(await waitingIn(outbox), 1)
    })

    it('end once: what comes after the end changes nothing', async (t) => {
      const { recordings, entries, add, one } = await start(t)
      const ends = {
        done: (id: number) => recordings.finish({ ...own(id), ...finished }),
        failed: (id: number) => recordings.fail({ ...own(id), code: 'SPEECH_FAILED' }),
        cancelled: (id: number) => recordings.cancel({ user_id: ME, id, now: 20 }),
      }
      for (const [state, end] of Object.entries(ends)) {
        const id = await add()
        await end(id)
        const before = await one(id)
        assert.equal(before!.state, state)
        assert.equal(await recordings.begin(own(id)), 'over')
        assert.equal(await recordings.progress({ ...own(id), state: 'listening', progress: 0.1 }), false)
        assert.equal(await recordings.finish({ ...own(id), ...finished }), 'over')
        await recordings.fail({ ...own(id), code: 'AUDIO_EMPTY' })
        await recordings.endLost({ now: 1e6, code: INTERRUPTED })
        assert.deepEqual(await one(id), before)
      }
      const all = await entries.list({ user_id: ME, kind: undefined, before: undefined, limit: 10, now: 20 })
      assert.equal(all.length, 1)
    })

    it('are failed when the consent is gone at the end, and nothing is kept or told', async (t) => {
      const { recordings, consents, outbox, add, one } = await start(t)
      const id = await add()
      await consents.withdraw({ user_id: ME, kind: 'analysis', subject: '', now: 15 })
      assert.deepEqual(await recordings.finish({ ...own(id), ...finished }), { refused: 'no_consent' })
      const { state, error_code, result, entry_id } = (await one(id))!
      assert.deepEqual([state, error_code, result, entry_id], ['failed', 'CONSENT_REQUIRED', null, null])
      assert.equal(await waitingIn(outbox), 0)
    })

    it('of one person come one after the other, whichever process has them; others do not wait for them', async (t) => {
      const { recordings, add } = await start(t)
      const first = await add()
      const second = await add({ owner: 'b' })
      const others = await add({ user_id: OTHER })
      const there = { ...own(second), owner: 'b' }
      assert.equal(await recordings.begin(there), 'blocked')
      assert.equal(await recordings.begin(own(first)), 'begun')
      assert.equal(await recordings.begin(own(others)), 'begun')
      assert.equal(await recordings.begin(there), 'blocked')
      await recordings.fail({ ...own(first), code: 'AUDIO_EMPTY' })
      assert.equal(await recordings.begin(there), 'begun')
    })

    it('say how many are before them in their process', async (t) => {
      const { recordings, add, one } = await start(t)
      const ids = [await add(), await add({ user_id: OTHER }), await add()]
      await add({ owner: 'b' })
      assert.equal((await one(ids[2]!))!.ahead, 2)
      await recordings.begin(own(ids[0]!))
      await recordings.cancel({ user_id: OTHER, id: ids[1]!, now: 20 })
      assert.equal((await one(ids[2]!))!.ahead, 1)
    })

    it('belong to their process: another cannot end them', async (t) => {
      const { recordings, add, one } = await start(t)
      const id = await add()
      const stranger = { ...own(id), owner: 'b' }
      assert.equal(await recordings.begin(stranger), 'over')
      assert.equal(await recordings.finish({ ...stranger, ...finished }), 'over')
      await recordings.fail({ ...stranger, code: 'AUDIO_EMPTY' })
      assert.equal((await one(id))!.state, 'queued')
    })

    it('of a process that says nothing any more are ended when its time is up, and of one that starts anew at once', async (t) => {
      const { recordings, add, one } = await start(t)
      const [a, b, c] = [await add(), await add(), await add({ owner: 'c' })]
      assert.deepEqual(await recordings.renew({ owner: 'a', ids: [a], lease_until: 300 }), [a])
      assert.equal(await recordings.endLost({ now: 99, code: INTERRUPTED }), 0)
      assert.equal(await recordings.endLost({ now: 100, code: INTERRUPTED }), 2)
      assert.deepEqual(await Promise.all([a, b, c].map(async (id) => (await one(id))!.state)), [
        'queued',
        'failed',
        'failed',
      ])
      assert.deepEqual(await recordings.renew({ owner: 'a', ids: [a, b], lease_until: 400 }), [a])
      assert.equal(await recordings.endLost({ now: 110, code: INTERRUPTED, owner: 'a' }), 1)
      const { state, error_code, updated_at } = (await one(a))!
      assert.deepEqual([state, error_code, updated_at], ['failed', INTERRUPTED, 110])
      assert.deepEqual(await recordings.renew({ owner: 'a', ids: [], lease_until: 400 }), [])
    })

    it('keep their result until its time is up, or shortly after it was fetched', async (t) => {
      const { recordings, add, one } = await start(t)
      const [a, b] = [await add(), await add()]
      for (const id of [a, b]) await recordings.finish({ ...own(id), ...finished })
      assert.equal((await one(a, 20))!.result, finished.result)
      assert.equal((await one(a, 79))!.result, finished.result, 'asked again')
      assert.equal((await one(a, 80))!.result, null, '60 after it was first fetched')
      assert.equal((await recordings.list({ user_id: ME, before: undefined, limit: 5, now: 90 }))[0]!.result, null)
      assert.equal((await one(b, 999))!.result, finished.result)
      await recordings.expire({ now: 1_060, ended_before: 0 })
      assert.equal((await one(b, 0))!.result, null, 'removed')
    })

    it('are forgotten by their person, or when they are old; the entry stays', async (t) => {
      const { recordings, entries, add, one } = await start(t)
      const [a, b, waiting] = [await add(), await add(), await add()]
      for (const id of [a, b]) await recordings.finish({ ...own(id), ...finished })
      assert.equal(await recordings.cancel({ user_id: OTHER, id: a, now: 30 }), false)
      assert.equal(await recordings.cancel({ user_id: ME, id: a, now: 30 }), true)
      assert.equal(await one(a), undefined)
      await recordings.expire({ now: 30, ended_before: 20 })
      assert.ok(await one(b))
      await recordings.expire({ now: 30, ended_before: 21 })
      assert.equal(await one(b), undefined)
      assert.equal((await one(waiting))!.state, 'queued', 'it has not ended')
      assert.equal((await entries.list({ user_id: ME, kind: 'voice', before: undefined, limit: 5, now: 30 })).length, 2)
    })

    it('are listed newest first, each person their own', async (t) => {
      const { recordings, add, one } = await start(t)
      const ids = [await add(), await add(), await add({ user_id: OTHER })]
      const list = async (before?: number) =>
        (await recordings.list({ user_id: ME, before, limit: 5, now: 20 })).map(({ id }) => id)
      assert.deepEqual(await list(), [ids[1], ids[0]])
      assert.deepEqual(await list(ids[1]), [ids[0]])
      assert.equal(await one(ids[2]!, 20, ME), undefined)
    })

    it('go with what somebody deletes: all, and the words of an entry', async (t) => {
      const { recordings, entries, add, one } = await start(t)
      const id = await add()
      const kept = await recordings.finish({ ...own(id), ...finished })
      assert.ok(kept !== 'over' && 'id' in kept)
      await entries.forget({ user_id: ME, id: kept.id, now: 30 })
      assert.equal((await one(id))!.result, null)
      const waiting = await add()
      await entries.forgetAll({ user_id: ME, now: 30, event: CareDataErased.make({ user_id: ME }) })
      assert.deepEqual(await recordings.list({ user_id: ME, before: undefined, limit: 5, now: 20 }), [])
      assert.equal(await recordings.finish({ ...own(waiting), ...finished }), 'over')
    })

    it('ended by many at once end once', async (t) => {
      const [here, there] = (await open(t, 2)) as [RecordingStores, RecordingStores]
      await here.consents.give({ user_id: ME, kind: 'analysis', subject: '', version: 2, now: 1 })
      const quiet = { ...finished, keeping: { ...keeping, perDay: 1_000 } }
      for (let round = 0; round < 15; round++) {
        const id = await here.recordings.add({
          user_id: ME,
          owner: 'a',
          seconds: 1,
          keep_text: false,
          now: 10,
          lease_until: 20,
        })
        const [kept] = await Promise.all([
          here.recordings.finish({ ...own(id), ...quiet }),
          there.recordings.endLost({ now: 30, code: INTERRUPTED }),
          there.recordings.cancel({ user_id: ME, id, now: 30 }),
        ])
        const job = await here.recordings.one({ user_id: ME, id, now: 30, fetched_until: 90 })
        // One that was done first may have been forgotten right after.
        if (job) assert.equal(job.state === 'done', kept !== 'over', `round ${round}: ${job.state}`)
        const events = await waitingIn(here.outbox)
        const all = await here.entries.list({ user_id: ME, kind: 'voice', before: undefined, limit: 100, now: 30 })
        assert.equal(events, all.length)
      }
    })
  })
}
