import type { BlobStore } from '@bigtech/files'
import { AppError, type Clock } from '@bigtech/kernel'
import type { FileStore, StoredFile } from '../../ports.ts'

/** Longer than a transaction can be under way. */
const DECIDED_MS = 10 * 60_000

export type DoubtfulUploads = Readonly<{
  note(file: StoredFile): void
  /** Deletes the blobs of those that turn out not to be stored. */
  settle(): Promise<void>
}>

/** The store was lost while it committed: the file may be stored or not. */
export const isUncertain = (error: unknown): boolean => error instanceof AppError && error.code === 'STORAGE_UNCERTAIN'

/**
 * Uploads of which nobody knows whether they were stored: a file without its bytes would be worse than bytes without a file. They are looked up
 * later. One that is stored is then a file that no message uses, and goes like all of these. Kept in memory: the bytes of one that was not stored
 * stay for good if the process ends within these minutes.
 */
export function createDoubtfulUploads(ports: {
  files: Pick<FileStore, 'get'>
  blobs: Pick<BlobStore, 'delete'>
  clock: Clock
}): DoubtfulUploads {
  const { files, blobs, clock } = ports
  const noted = new Map<string, { file: StoredFile; at: number }>()
  return {
    note: (file) => void noted.set(file.id, { file, at: clock.now() }),
    async settle() {
      for (const [id, { file, at }] of noted) {
        if (clock.now() - at < DECIDED_MS) break
        if (!(await files.get(id))) await deleteBlobs(blobs, file)
        noted.delete(id)
      }
    },
  }
}

export async function deleteBlobs(blobs: Pick<BlobStore, 'delete'>, file: StoredFile): Promise<void> {
  await blobs.delete(file.blob_key)
  if (file.thumbnail_key) await blobs.delete(file.thumbnail_key)
}
