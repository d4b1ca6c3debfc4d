import { DatabaseSync } from 'node:sqlite'

/**
 * Opens a SQLite file the way every store here needs it: WAL, and `synchronous=FULL`, so that a commit survives power loss.
 * @param options.readOnly for connections that only read beside a writer thread
 */
export function openSqlite(file: string, options: { readOnly?: boolean } = {}): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: 5_000 })
  if (!options.readOnly) db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON')
  db.exec('PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY')
  return db
}
