import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createS3BlobStore } from '@bigtech/files/s3'
import { newId } from '@bigtech/kernel'
import type { EventValue } from '@bigtech/messaging'
import { findEngine } from '@bigtech/testkit'
import fc from 'fast-check'
import { scopeOf, type Scope } from '../../domain/scope.ts'
import { createDuckdbFactStore } from '../duckdb/fact-store.ts'
import { EPOCH, events, NOW } from '../events.fixture.ts'
import { answersOf, batchOf, describeFactStore } from '../fact-store.contract.ts'
import { recount } from '../recount.fixture.ts'
import { createBlobArchive, type Archive } from './archive.ts'
import { createArchivedFactStore } from './archived-fact-store.ts'

/** Objects in memory: what every process of a test shares. */
function createMemoryArchive(): Archive {
  const objects = new Map<string, Uint8Array>()
  return {
    async put(bytes) {
      const name = newId()
      objects.set(name, bytes)
      return name
    },
    list: async () => [...objects].map(([name, { byteLength }]) => ({ name, bytes: byteLength })),
    get: async (name) => objects.get(name),
    remove: async (name) => void objects.delete(name),
  }
}

async function openShared(facts: Archive, closed: Archive) {
  const dir = await mkdtemp(join(tmpdir(), 'bigtech-archived-'))
  const openStore = () =>
    createArchivedFactStore({
      local: createDuckdbFactStore({ file: join(dir, 'analytics.duckdb') }),
      facts,
      closed,
      now: () => NOW,
      freshMs: 0,
    })
  let store = openStore()
  return {
    store,
    async reopen() {
      await store.close()
      return (store = openStore())
    },
    async discard() {
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

describeFactStore(() => openShared(createMemoryArchive(), createMemoryArchive()), 5)

/** What two processes wrote is what each of them and a third one tells, and nobody has the id of who went. */
async function assertShared(facts: Archive, closed: Archive): Promise<void> {
  const [one, other] = [await openShared(facts, closed), await openShared(facts, closed)]
  const third = await openShared(facts, closed)
  try {
    const some = fc.sample(events, { numRuns: 4, seed: 7 }).flatMap((list, index) =>
      list.map((value) => ({
        ...value,
        event_id: `${index} ${value.event_id}`,
        ...(value['seq'] ? { seq: Number(value['seq']) + index * 100 } : {}),
      })),
    )
    const end: EventValue = {
      event_id: 'end',
      event_type: 'UserClosed',
      timestamp: new Date(EPOCH + 1_000).toISOString(),
      user_id: 3,
    }
    const half = Math.ceil(some.length / 2)
    await one.store.write(batchOf(some.slice(0, half)))
    await other.store.write(batchOf(some.slice(half - 5)))
    await other.store.write(batchOf([end]))
    const scope = scopeOf({ from: '2026-01-10', to: '2026-01-14', tz: 'Asia/Seoul' }, NOW) as Scope
    const expected = recount([...some, end], scope)
    for (const { store } of [one, other]) assert.deepEqual(await answersOf(store, scope), expected)
    await one.store.seal({ now: NOW, limit: 100 })
    // It reads objects that were rewritten, and late facts of who is gone.
    await other.store.write(batchOf(some.slice(0, 3)))
    for (const { store } of [one, other, third]) {
      assert.deepEqual(await answersOf(store, scope), expected)
      assert.equal((await store.totals()).facts, batchOf([...some, end]).facts.length)
    }
    // Whoever is told how far it is may end it.
    const over = new Error('over')
    const stop = () => {
      throw over
    }
    await assert.rejects(third.store.remake!(stop), over)
    await third.store.remake!(() => {})
    assert.deepEqual(await answersOf(third.store, scope), expected)
    await third.store.forgetKeys(NOW + 1)
    assert.equal(await third.store.knows(3), false)
  } finally {
    for (const each of [one, other, third]) await each.discard()
  }
}

test('small objects are put together in groups, each fact twice at most; what is gone is not remembered, and all is told as before', async (t) => {
  const archive = createMemoryArchive()
  const most = { at: 0, now: 0 }
  const facts: Archive = {
    ...archive,
    async get(name) {
      most.at = Math.max(most.at, ++most.now)
      await new Promise((resolve) => setImmediate(resolve))
      most.now--
      return archive.get(name)
    },
  }
  const dir = await mkdtemp(join(tmpdir(), 'bigtech-archived-'))
  const local = createDuckdbFactStore({ file: join(dir, 'analytics.duckdb') })
  // Objects are named by the time they are made at, which is that of this machine.
  let later = 0
  const store = createArchivedFactStore({
    local,
    facts,
    closed: createMemoryArchive(),
    now: () => Date.now() + later,
    freshMs: 0,
  })
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true, force: true })
  })
  const said = (seq: number): EventValue => ({
    event_id: `said ${seq}`,
    event_type: 'MessageSent',
    timestamp: new Date(EPOCH + seq).toISOString(),
    user_id: 1 + (seq % 7),
    room_id: 1,
    seq,
    content: '안녕하세요',
    message_type: 'text',
    file_id: null,
  })
  for (let seq = 1; seq <= 200; seq++) await store.write(batchOf([said(seq)]))
  const [first] = await archive.list()
  await store.seal({ now: NOW, limit: 1 })
  assert.equal((await archive.list()).length, 200, 'young ones are left alone')
  later = 2 * 3_600_000
  await store.seal({ now: NOW, limit: 1 })
  const merged = await archive.list()
  assert.equal(merged.length, 3 + 200 - 3 * 64)
  assert.equal(most.at, 64)
  assert.equal((await store.totals()).facts, 200)
  assert.deepEqual(new Set(await local.objects()), new Set(merged.map(({ name }) => name)))
  assert.ok(!(await local.objects()).includes(first!.name))
  await store.remake!(() => {})
  assert.equal((await store.totals()).facts, 200)
})

test('processes that share an archive tell the same', () => assertShared(createMemoryArchive(), createMemoryArchive()))

const { value: endpoint, skip } = findEngine('S3_ENDPOINT', 's3')
test('the same on a real object store', { skip }, async (t) => {
  const open = async (kind: string) => {
    const store = await createS3BlobStore({
      endpoint,
      bucket: 'bigtech-test',
      prefix: `analytics-${process.pid}-${Date.now()}/${kind}/`,
      credentials: {
        accessKeyId: process.env['S3_ACCESS_KEY_ID']!,
        secretAccessKey: process.env['S3_SECRET_ACCESS_KEY']!,
      },
    })
    t.after(async () => {
      for (const { key } of await store.list()) await store.delete(key)
      store.close()
    })
    return createBlobArchive(store)
  }
  await assertShared(await open('facts'), await open('closed'))
})
