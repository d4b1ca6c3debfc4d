import { DatabaseSync } from 'node:sqlite'

/** SQLITE_BUSY */
const BUSY = 5

/**
 * Takes an exclusive lock on a file for this process, or returns undefined if another process has it. It is SQLite's own lock on
 * the file, so it ends with the process, however that ends.
 */
export function acquireFileLock(file: string): { release(): void } | undefined {
  const db = new DatabaseSync(file, { timeout: 0 })
  try {
    db.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS lock (pid INTEGER); COMMIT')
    return { release: () => db.close() }
  } catch (error) {
    db.close()
    if ((error as { errcode?: number }).errcode === BUSY) return undefined
    throw error
  }
}
