import { DatabaseSync } from 'node:sqlite'

/** An id of a database, 1 to 2^31 - 1. It is in the file's header, so that it goes where the file goes. */
export function readDatabaseId(file: string): number | undefined {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    // The header alone may be read before anything is wrong with the rest.
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    const id = Number(db.prepare('PRAGMA application_id').get()!['application_id'])
    return id === 0 ? undefined : id
  } finally {
    db.close()
  }
}

export function writeDatabaseId(file: string, id: number): void {
  const db = new DatabaseSync(file, { timeout: 5_000 })
  try {
    db.exec(`PRAGMA application_id = ${id}`)
  } finally {
    db.close()
  }
}
