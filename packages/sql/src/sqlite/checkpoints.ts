import { openInThread, type ThreadConnection } from './thread.ts'
import type { OnTrouble } from './writer-protocol.ts'

const INTERVAL_MS = 500

/**
 * Moves what a writer committed from the WAL into its file, from another thread: commits go on meanwhile (PASSIVE). The writer
 * itself does so only when the WAL has grown long in spite of this.
 */
export function startCheckpoints(file: string, onTrouble: OnTrouble = () => {}) {
  let connection: Promise<ThreadConnection> | undefined
  let dirty = false
  let running: Promise<void> = Promise.resolve()

  const checkpoint = async () => {
    connection ??= openInThread(file)
    await (await connection).execute('PRAGMA wal_checkpoint(PASSIVE)', [])
  }
  const timer = setInterval(() => {
    if (!dirty) return
    dirty = false
    // A full disk or a lock: the WAL keeps everything, and the next time is soon.
    running = running.then(checkpoint).catch((error: unknown) => onTrouble('a checkpoint', error))
  }, INTERVAL_MS)
  timer.unref()

  return {
    /** There is something in the WAL. */
    mark(): void {
      dirty = true
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await running
      await connection
        ?.then((open) => open.close())
        .catch((error: unknown) => onTrouble('closing after the last checkpoint', error))
    },
  }
}
