import type { DatabaseSync } from 'node:sqlite'
import type { StoredFile } from '../../ports.ts'
import type { Result } from './log.ts'
import { toStoredFile } from './rows.ts'

export function createFileCommands(db: DatabaseSync) {
  const insert = db.prepare(
    `INSERT INTO files (id, owner_id, name, type, size, width, height, blob_key, thumbnail_key, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const takeOrphans = db.prepare(
    `DELETE FROM files WHERE id IN (SELECT id FROM files WHERE attachments = 0 AND created_at < ? LIMIT ?) RETURNING *`,
  )
  return {
    addFile(file: StoredFile): Result<null> {
      const { id, owner_id, name, type, size, width, height, blob_key, thumbnail_key, created_at } = file
      insert.run(id, owner_id, name, type, size, width, height, blob_key, thumbnail_key, created_at)
      return { value: null, committed: [] }
    },
    takeOrphans({ before, limit }: { before: number; limit: number }): Result<StoredFile[]> {
      return { value: takeOrphans.all(before, limit).map(toStoredFile), committed: [] }
    },
  }
}
