import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { blobStoreContract } from './blob-store.contract.ts'
import { createDiskBlobStore, draftsIn } from './disk-store.ts'

const roots: string[] = []
const newRoot = async () => {
  const root = await mkdtemp(join(tmpdir(), 'blobs-'))
  roots.push(root)
  return root
}
after(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))))

blobStoreContract('disk', async () => {
  const root = await newRoot()
  return { store: await createDiskBlobStore(root), drafts: () => draftsIn(root) }
})

it('removes at start what a killed process left half written', async () => {
  const root = await newRoot()
  await createDiskBlobStore(root)
  await writeFile(join(root, 'tmp', 'half'), 'half')
  await createDiskBlobStore(root)
  assert.equal(await draftsIn(root), 0)
})
