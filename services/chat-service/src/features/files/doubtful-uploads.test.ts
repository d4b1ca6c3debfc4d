import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { createDiskBlobStore } from '@bigtech/files'
import { storageErrors } from '@bigtech/sql'
import { createTestClock, tempDir } from '@bigtech/testkit'
import type { FileStore, StoredFile } from '../../ports.ts'
import { createDoubtfulUploads } from './doubtful-uploads.ts'
import { uploadFile } from './files.ts'

/** A store whose commit fails, after it was or was not made. */
async function open(t: TestContext, { stored, failure }: { stored: boolean; failure: Error }) {
  const clock = createTestClock()
  const blobs = await createDiskBlobStore(tempDir(t))
  let tried: StoredFile | undefined
  let away = false
  const files = {
    async add(file: StoredFile) {
      tried = file
      throw failure
    },
    async get(id: string) {
      if (away) throw storageErrors.STORAGE_UNAVAILABLE()
      return stored && id === tried?.id ? tried : undefined
    },
  } as Partial<FileStore> as FileStore
  const doubtful = createDoubtfulUploads({ files, blobs, clock })
  async function* source() {
    yield Buffer.from('hello')
  }
  const limits = { files: 10, bytes: 1_000 }
  const upload = { owner_id: 7, name: 'a.txt', claimedType: 'text/plain', source: source() }
  await assert.rejects(uploadFile({ files, blobs, clock, maxBytes: 100, limits, doubtful }, upload), failure)
  const later = async (ms: number) => {
    clock.advance(ms)
    await doubtful.settle()
    return blobs.exists(tried!.blob_key)
  }
  return { later, isAway: (now: boolean) => void (away = now) }
}

it('the bytes of a file that is not stored are deleted at once', async (t) => {
  const { later } = await open(t, { stored: false, failure: storageErrors.STORAGE_UNAVAILABLE() })
  assert.equal(await later(0), false)
})

it('those of one of which nobody knows are kept, and deleted when it turns out not to be stored', async (t) => {
  const { later, isAway } = await open(t, { stored: false, failure: storageErrors.STORAGE_UNCERTAIN() })
  assert.equal(await later(9 * 60_000), true)
  isAway(true)
  await assert.rejects(later(60_000), { code: 'STORAGE_UNAVAILABLE' })
  isAway(false)
  assert.equal(await later(0), false)
})

it('or kept for good when it is', async (t) => {
  const { later } = await open(t, { stored: true, failure: storageErrors.STORAGE_UNCERTAIN() })
  assert.equal(await later(11 * 60_000), true)
})
