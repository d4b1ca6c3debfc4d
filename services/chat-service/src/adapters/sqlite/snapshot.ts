import type { DatabaseSync } from 'node:sqlite'

/** Runs several reads on one state of the database: between two statements the writer thread may have committed. */
export type Snapshot = <T>(read: () => T) => T

export function createSnapshot(db: DatabaseSync): Snapshot {
  const begin = db.prepare('BEGIN')
  const end = db.prepare('COMMIT')
  return (read) => {
    begin.run()
    try {
      return read()
    } finally {
      end.run()
    }
  }
}
