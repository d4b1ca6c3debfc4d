import { backup, DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** Writers are held back for so long at most, ms; then they go on, and it is tried again. */
const HELD_MS = 500
const TRIES = 40
const PAUSE_MS = 250
/** Copied at a time. */
const PAGES = 2_000

export type CopyOf = Readonly<{ from: string; to: string }>

/**
 * Copies SQLite databases that others write to, all of them as they were at one moment: what one service told another and what that made of it are
 * either in both copies or in neither, as after a power cut at that moment. For that moment, some milliseconds, all of them are locked at once; then
 * each is copied from a snapshot of its own (WAL), while writing goes on.
 * @returns ms for which nobody could write; undefined when they are so busy that they could not be locked together
 */
export async function copyAtOneMoment(copies: readonly CopyOf[]): Promise<number | undefined> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const held = holdAll(copies.map(({ from }) => from))
    if (held) {
      try {
        for (const [index, { to }] of copies.entries()) await backup(held.snapshots[index]!, to, { rate: PAGES })
      } finally {
        for (const snapshot of held.snapshots) snapshot.close()
      }
      return held.ms
    }
    await sleep(PAUSE_MS)
  }
  return undefined
}

/** Undefined when it took too long. */
function holdAll(files: readonly string[]): Readonly<{ snapshots: DatabaseSync[]; ms: number }> | undefined {
  const writers: DatabaseSync[] = []
  const snapshots: DatabaseSync[] = []
  let since = Number.NaN
  try {
    for (const file of files) {
      const left = Number.isNaN(since) ? HELD_MS : Math.ceil(HELD_MS - (performance.now() - since))
      if (left <= 0) return undefined
      const writer = new DatabaseSync(file, { timeout: left })
      writers.push(writer)
      if (!isLocked(writer)) return undefined
      if (Number.isNaN(since)) since = performance.now()
    }
    for (const file of files) {
      const snapshot = new DatabaseSync(file, { readOnly: true })
      snapshots.push(snapshot)
      // The first read takes the snapshot; it lasts until the transaction ends.
      snapshot.exec('BEGIN')
      snapshot.prepare('SELECT count(*) FROM sqlite_schema').get()
    }
    return { snapshots: snapshots.splice(0), ms: performance.now() - since }
  } finally {
    for (const database of [...writers, ...snapshots]) database.close()
  }
}

/** SQLITE_BUSY */
const BUSY = 5

function isLocked(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return false
    throw error
  }
}
