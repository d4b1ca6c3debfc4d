import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { acquireFileLock } from '@bigtech/sql'
import { StartupError } from './startup-error.ts'

/** A file that is there from a restore on until the statistics, which are of a moment of their own, are made anew. */
export const RESTORED = 'restored'

export type DataDir = { path(...parts: string[]): string; release(): void }

/**
 * Creates the data folder and locks it for this process.
 * @throws StartupError when the folder cannot be used or another process has it
 */
export function openDataDir(folder: string): DataDir {
  const root = resolve(folder)
  const lock = attempt(root, () => {
    // Password hashes and private messages lie here.
    mkdirSync(root, { recursive: true, mode: 0o700 })
    return acquireFileLock(join(root, 'lock.db'))
  })
  if (!lock)
    throw new StartupError(`DATA_DIR ${root} is in use by another running server. Stop it, or choose another DATA_DIR.`)
  return { path: (...parts) => join(root, ...parts), release: () => lock.release() }
}

function attempt<T>(root: string, use: () => T): T {
  try {
    return use()
  } catch (error) {
    throw new StartupError(
      `DATA_DIR ${root} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
