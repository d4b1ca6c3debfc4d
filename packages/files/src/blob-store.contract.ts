import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { AppError } from '@bigtech/kernel'
import type { BlobStore } from './blob-store.ts'

/** @param open an empty store and the number of unfinished uploads it holds */
export function blobStoreContract(
  name: string,
  open: () => Promise<{ store: BlobStore; drafts: () => Promise<number> }>,
) {
  const chunks = (bytes: Buffer, size = 1000) =>
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
    )

  describe(`BlobStore: ${name}`, () => {
    it('gives back the same bytes, their size and hash', async () => {
      const { store } = await open()
      const bytes = randomBytes(100_000)
      const blob = await store.put(chunks(bytes), { maxBytes: 100_000 })
      assert.equal(blob.size, 100_000)
      assert.equal(blob.sha256, createHash('sha256').update(bytes).digest('hex'))
      const read = await store.open(blob.key)
      assert.equal(read?.size, 100_000)
      assert.deepEqual(await buffer(read.stream), bytes)
      assert.equal(await store.exists(blob.key), true)
    })

    it('reads ranges with both ends included', async () => {
      const { store } = await open()
      const { key } = await store.put(chunks(Buffer.from('0123456789')), { maxBytes: 10 })
      const text = async (range: { start: number; end?: number }) =>
        String(await buffer((await store.open(key, range))!.stream))
      assert.equal(await text({ start: 2, end: 4 }), '234')
      assert.equal(await text({ start: 7 }), '789')
      assert.equal(await text({ start: 8, end: 500 }), '89')
    })

    it('takes an empty file', async () => {
      const { store } = await open()
      const blob = await store.put(Readable.from([]), { maxBytes: 10 })
      assert.equal(blob.size, 0)
      assert.equal((await buffer((await store.open(blob.key))!.stream)).length, 0)
    })

    it('refuses more than maxBytes and leaves nothing behind', async () => {
      const { store, drafts } = await open()
      await assert.rejects(store.put(chunks(randomBytes(1_001), 100), { maxBytes: 1_000 }), { code: 'FILE_TOO_LARGE' })
      assert.equal(await drafts(), 0)
    })

    it('passes the failure of a source on and leaves nothing behind', async () => {
      const { store, drafts } = await open()
      async function* broken() {
        yield randomBytes(100)
        throw new Error('the sender went away')
      }
      await assert.rejects(store.put(broken(), { maxBytes: 1_000 }), /went away/)
      assert.equal(await drafts(), 0)
    })

    it('a full disk is unavailable (retry later), and leaves nothing behind', async () => {
      const { store, drafts } = await open()
      async function* full() {
        yield randomBytes(100)
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      }
      await assert.rejects(
        store.put(full(), { maxBytes: 1_000 }),
        (error) => error instanceof AppError && error.kind === 'unavailable' && error.details.retryAfterS !== undefined,
      )
      assert.equal(await drafts(), 0)
    })

    it('deletes, and deletes again without complaint', async () => {
      const { store } = await open()
      const { key } = await store.put(chunks(randomBytes(10)), { maxBytes: 10 })
      await store.delete(key)
      await store.delete(key)
      assert.equal(await store.exists(key), false)
      assert.equal(await store.open(key), undefined)
    })

    it('knows no key it did not make, whatever it looks like', async () => {
      const { store } = await open()
      for (const key of ['../../etc/passwd', '..', '', '/etc/passwd', 'a\0b', '0198c2aa-0000-7000-8000-000000000000']) {
        assert.equal(await store.open(key), undefined, key)
        assert.equal(await store.exists(key), false, key)
        await store.delete(key)
      }
    })

    it('keeps many uploads at once apart', async () => {
      const { store } = await open()
      const files = Array.from({ length: 20 }, () => randomBytes(20_000))
      const blobs = await Promise.all(files.map((bytes) => store.put(chunks(bytes), { maxBytes: 20_000 })))
      assert.equal(new Set(blobs.map((blob) => blob.key)).size, 20)
      for (const [i, blob] of blobs.entries())
        assert.deepEqual(await buffer((await store.open(blob.key))!.stream), files[i])
    })
  })
}
