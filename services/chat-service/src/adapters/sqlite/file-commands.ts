import type { DatabaseSync } from 'node:sqlite'
import type { StoredFile, Usage } from '../../ports.ts'
import type { Result } from './log.ts'
import { toStoredFile } from './rows.ts'

export function createFileCommands(db: DatabaseSync) {
  const insert = db.prepare(
    `INSERT INTO files (id, owner_id, name, type, size, width, height, blob_key, thumbnail_key, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const usage = db.prepare('SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM files WHERE owner_id = ?')
  const takeOrphans = db.prepare(
    `DELETE FROM files WHERE id IN (SELECT id FROM files WHERE attachments = 0 AND created_at < ? LIMIT ?) RETURNING *`,
  )
  return {
    addFile({
      file,
      limits,
    }: {
      file: StoredFile
      limits?: Usage
    }): Result<'added' | 'too_many_files' | 'storage_full'> {
      const { id, owner_id, name, type, size, width, height, blob_key, thumbnail_key, created_at } = file
      if (limits) {
        const used = usage.get(owner_id)!
        if (Number(used['files']) + 1 > limits.files) return { value: 'too_many_files', committed: [] }
        if (Number(used['bytes']) + size > limits.bytes) return { value: 'storage_full', committed: [] }
      }
      insert.run(id, owner_id, name, type, size, width, height, blob_key, thumbnail_key, created_at)
      return { value: 'added', committed: [] }
    },
    takeOrphans({ before, limit }: { before: number; limit: number }): Result<StoredFile[]> {
      return { value: takeOrphans.all(before, limit).map(toStoredFile), committed: [] }
    },
  }
}
