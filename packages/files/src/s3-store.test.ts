import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { AppError } from '@bigtech/kernel'
import { findEngine, startProxy } from '@bigtech/testkit'
import { blobStoreContract } from './blob-store.contract.ts'
import { createS3BlobStore, type S3BlobStore } from './s3-store.ts'

const { value: endpoint, skip } = findEngine('S3_ENDPOINT', 's3')
const credentials = {
  accessKeyId: process.env['S3_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: process.env['S3_SECRET_ACCESS_KEY'] ?? '',
}
const bucket = 'bigtech-test'
const opened: { close(): void }[] = []
after(() => opened.forEach((each) => each.close()))

async function open(): Promise<{ store: S3BlobStore; prefix: string }> {
  const prefix = `${randomUUID()}/`
  const store = await createS3BlobStore({ endpoint, bucket, prefix, credentials })
  opened.push(store)
  return { store, prefix }
}

describe('S3', { skip }, () => {
  // As the suite's tests are defined before anything is known to be there.
  if (skip) return
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  after(() => client.destroy())
  const uploads = async (Prefix: string) =>
    (await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix }))).Uploads ?? []
  const objects = async (Prefix: string) =>
    (await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))).KeyCount ?? 0

  blobStoreContract('S3', async () => {
    const { store, prefix } = await open()
    return { store, drafts: async () => (await uploads(prefix)).length + (await objects(prefix)) }
  })

  async function* parts(count: number, bytes: Buffer) {
    for (let i = 0; i < count; i++) yield bytes
  }

  it('sends in parts what is longer than one, and gives it back, whole and in ranges over their borders', async () => {
    const { store } = await open()
    const mebibyte = randomBytes(1024 * 1024)
    const { key, size } = await store.put(parts(13, mebibyte), { maxBytes: 20_000_000 })
    assert.equal(size, 13 * 1024 * 1024)
    const whole = await buffer((await store.open(key))!.stream)
    assert.ok(whole.equals(Buffer.concat(Array.from({ length: 13 }, () => mebibyte))))
    const border = 5 * 1024 * 1024
    const piece = await store.open(key, { start: border - 3, end: border + 3 })
    assert.equal(piece!.size, size)
    assert.ok((await buffer(piece!.stream)).equals(whole.subarray(border - 3, border + 4)))
  })

  it('leaves no part of a long upload that fails in the middle', async () => {
    const { store, prefix } = await open()
    async function* broken() {
      yield* parts(12, randomBytes(1024 * 1024))
      throw new Error('the sender went away')
    }
    await assert.rejects(store.put(broken(), { maxBytes: 20_000_000 }), /went away/)
    await assert.rejects(store.put(parts(12, randomBytes(1024 * 1024)), { maxBytes: 11_000_000 }), {
      code: 'FILE_TOO_LARGE',
    })
    assert.deepEqual([await uploads(prefix), await objects(prefix)], [[], 0])
  })

  it('aborts uploads of processes that died, and no younger ones', async () => {
    const { store, prefix } = await open()
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: `${prefix}left-behind` }))
    assert.equal(await store.abortUploads(Date.now() - 60_000), 0)
    assert.equal((await uploads(prefix)).length, 1)
    assert.equal(await store.abortUploads(Date.now() + 60_000), 1)
    assert.equal((await uploads(prefix)).length, 0)
  })

  it('is tidied of uploads that are a day old', async () => {
    const { store, prefix } = await open()
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: `${prefix}left-behind` }))
    await store.tidy!(Date.now() + 23 * 3_600_000)
    assert.equal((await uploads(prefix)).length, 1)
    await store.tidy!(Date.now() + 25 * 3_600_000)
    assert.equal((await uploads(prefix)).length, 0)
  })

  it('a refusal of the store is no outage', async () => {
    const wrong = { ...credentials, secretAccessKey: 'wrong' }
    await assert.rejects(
      createS3BlobStore({ endpoint, bucket, prefix: 'x/', credentials: wrong }),
      // In the store's own words, though the first question is one whose answers have none.
      (error) => !(error instanceof AppError) && /signature/i.test((error as Error).message),
    )
  })

  it('a store that cannot be reached is unavailable, and well again without a restart', async (t) => {
    const proxy = await startProxy({ port: Number(new URL(endpoint).port) })
    t.after(() => proxy.close())
    const store = await createS3BlobStore({
      endpoint: `http://127.0.0.1:${proxy.port}`,
      bucket,
      prefix: `${randomUUID()}/`,
      credentials,
    })
    opened.push(store)
    const { key } = await store.put(parts(1, Buffer.from('kept')), { maxBytes: 10 })
    proxy.cut()
    const unavailable = (error: unknown) =>
      error instanceof AppError && error.kind === 'unavailable' && error.details.retryAfterS !== undefined
    await assert.rejects(store.put(parts(1, Buffer.from('lost')), { maxBytes: 10 }), unavailable)
    await assert.rejects(store.open(key), unavailable)
    await assert.rejects(store.exists(key), unavailable)
    await assert.rejects(store.delete(key), unavailable)
    await assert.rejects(store.check(), unavailable)
    proxy.mend()
    await store.check()
    assert.equal(String(await buffer((await store.open(key))!.stream)), 'kept')
    // Connections stay open and nothing is answered: each call ends all the same, before the tests' own limit.
    proxy.pause()
    await Promise.all([
      assert.rejects(store.put(parts(1, Buffer.from('lost')), { maxBytes: 10 }), unavailable),
      assert.rejects(store.open(key), unavailable),
      assert.rejects(store.check(), unavailable),
    ])
    proxy.mend()
    await store.check()
  })
})
