import { DatabaseSync } from 'node:sqlite'

/** Of a connection that messages wait for; KiB. */
export const LARGE_CACHE = 16_000
/** There are some twenty of the others in a process, and what they hold is never given back while they are open. */
const SMALL_CACHE = 4_000

/**
 * Opens a SQLite file the way every store here needs it: WAL, and `synchronous=FULL`, so that a commit survives power loss.
 * @param options.readOnly for connections that only read beside a writer thread
 * @param options.cache KiB of pages that it may keep in memory; the system keeps what has no room there. Default: 4,000
 */
export function openSqlite(file: string, options: { readOnly?: boolean; cache?: number } = {}): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: 5_000 })
  if (!options.readOnly) db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON')
  db.exec(`PRAGMA cache_size=-${options.cache ?? SMALL_CACHE}; PRAGMA temp_store=MEMORY`)
  return db
}
