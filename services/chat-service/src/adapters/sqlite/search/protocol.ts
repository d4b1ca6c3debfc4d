import type { Known } from './source.ts'

/**
 * @param known the newest of chat.db when the thread was started
 * @param since the newest message when the process was started: what comes after it is new
 * @param made so much had been committed by then
 */
export type ThreadData = Readonly<{ file: string; searchFile: string; known: Known; since: number; made: number }>

/** Numbers count what was made known to the search thread: messages and changes since the start of the process. */

export type ToThread =
  /** So much has been committed by now. */
  | { made: number }
  /** A search waits until that much is indexed. */
  | { wanted: number }
  /** A search met an error: is the file whole? */
  | { suspect: true }
  /** The answer to `release`: nobody here has the file open. */
  | { released: true }
  /** To end. */
  | null

export type FromThread =
  | { caughtUp: number }
  /** A plain error. Searches that wait are refused; `first` of a series of attempts. */
  | { failed: unknown; first: boolean }
  /** The file is about to be made anew: close it, and open it no more until the next `caughtUp`. */
  | { release: true }
  /** Made anew, and why. */
  | { renewed: string }
  /** Changes up to that one are in the index for good. */
  | { seen: number }

/** ms between two reports of what was committed: so late is what nobody looks for indexed. */
export const REPORT_MS = 250
