import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { openCopy } from '@bigtech/sql'

/**
 * Says of a store that was put back that it is another one: clients that saw what is gone now load anew instead of resuming from it, and an index of search of
 * another time is made anew. Nobody else may have the file open.
 */
export function renewEpoch(file: string): void {
  const db = new DatabaseSync(file)
  try {
    db.prepare('UPDATE store SET epoch = ?').run(randomUUID())
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

/** Keys of the blobs that messages and drafts name, of a file that nobody writes to. */
export function* blobsNamedIn(file: string): Generator<string> {
  const database = openCopy(file)
  try {
    for (const row of database.prepare('SELECT blob_key, thumbnail_key FROM files').iterate())
      for (const key of [row['blob_key'], row['thumbnail_key']]) if (typeof key === 'string') yield key
  } finally {
    database.close()
  }
}
