import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newId } from '@bigtech/kernel'
import type { BlobStore, StoredBlob } from './blob-store.ts'
import { asFileError, codeOf, createMeasure, KEY } from './measure.ts'

/**
 * Blobs as files below `root`: written to a temporary file, synced, then renamed, in 65 536 folders by the random end of the key.
 * Temporary files of a killed process are removed at start.
 */
export async function createDiskBlobStore(root: string): Promise<BlobStore> {
  const temporary = join(root, 'tmp')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  const pathOf = (key: string) => (KEY.test(key) ? join(root, key.slice(-4, -2), key.slice(-2), key) : undefined)

  return {
    async put(source, { maxBytes }) {
      const key = newId()
      const draft = join(temporary, key)
      const path = pathOf(key)!
      try {
        const blob = await writeDraft(draft, key, source, maxBytes)
        await mkdir(dirname(path), { recursive: true })
        await rename(draft, path)
        await syncFolder(dirname(path))
        return blob
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {})
        throw asFileError(error)
      }
    },

    async open(key, range) {
      const path = pathOf(key)
      if (path === undefined) return undefined
      let file: FileHandle
      try {
        file = await open(path, 'r')
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw asFileError(error)
      }
      try {
        const { size } = await file.stat()
        return { stream: file.createReadStream({ ...range, autoClose: true }), size }
      } catch (error) {
        await file.close()
        throw asFileError(error)
      }
    },

    async delete(key) {
      const path = pathOf(key)
      if (path !== undefined) await rm(path, { force: true })
    },

    async exists(key) {
      const path = pathOf(key)
      if (path === undefined) return false
      return stat(path).then(
        () => true,
        (error: unknown) => {
          if (codeOf(error) === 'ENOENT') return false
          throw asFileError(error)
        },
      )
    },
  }
}

/** Number of unfinished uploads below `root`, for tests and operations. */
export async function draftsIn(root: string): Promise<number> {
  return (await readdir(join(root, 'tmp'))).length
}

async function writeDraft(
  path: string,
  key: string,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredBlob> {
  const measure = createMeasure(maxBytes)
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of source) {
      measure.take(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { key, ...measure.end() }
}

/** Makes a new name in the folder itself durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
