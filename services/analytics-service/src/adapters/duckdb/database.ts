import { rename, rm } from 'node:fs/promises'
import { storageErrors } from '@bigtech/sql'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

export type DatabaseOptions = Readonly<{
  file: string
  /** Bytes that DuckDB may have for data; beyond it goes to `<file>.tmp`. */
  memory: number
  threads: number
  /** It is closed after so long without anything to do, ms, and opened again for the next. */
  idleMs: number
  /** Run each time it is opened, before anything else. */
  prepare(connection: DuckDBConnection): Promise<void>
}>

/**
 * A DuckDB file that is opened when it is needed. The library itself (70 MB on disk, 30 MB in memory) is loaded with the first need: a server that
 * counts nothing and is asked nothing has none of it.
 */
export type Database = Readonly<{
  /** One after the other. A transaction that throws is rolled back. */
  write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Of one moment, beside writes; one after the other, since each uses all threads. */
  read<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Another file takes its place, between what is asked and written; it is of nobody else. */
  replaceWith(other: string): Promise<void>
  close(): Promise<void>
}>

/** Questions that wait; more than these would be answered when nobody waits any more. */
const MOST_WAITING = 32

type Opened = Readonly<{ instance: DuckDBInstance; writer: DuckDBConnection; reader: DuckDBConnection }>

export function createDatabase(options: DatabaseOptions): Database {
  const { file, memory, threads, idleMs, prepare } = options
  let opened: Promise<Opened> | undefined
  let users = 0
  let idle: NodeJS.Timeout | undefined
  let closed = false
  let closing: Promise<void> = Promise.resolve()
  const writes = createLine()
  const reads = createLine()

  const open = async (): Promise<Opened> => {
    await closing
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(file, {
      memory_limit: `${Math.floor(memory / 1_024)}KiB`,
      threads: String(threads),
      temp_directory: `${file}.tmp`,
      preserve_insertion_order: 'false',
      // Gives back what it no longer uses also while nobody asks it anything.
      allocator_background_threads: 'true',
      // The file and what DuckDB can do: nothing is fetched, and no name in a query is one of a file by chance.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    try {
      const writer = await instance.connect()
      await prepare(writer)
      return { instance, writer, reader: await instance.connect() }
    } catch (error) {
      instance.closeSync()
      throw error
    }
  }

  const shut = async () => {
    const was = opened
    opened = undefined
    if (!was) return
    closing = was.then(
      ({ instance, writer, reader }) => {
        writer.closeSync()
        reader.closeSync()
        instance.closeSync()
      },
      () => {},
    )
    await closing
  }

  const use = async <T>(work: (database: Opened) => Promise<T>): Promise<T> => {
    if (closed) throw storageErrors.STORAGE_UNAVAILABLE({ retryAfterS: 5 })
    clearTimeout(idle)
    users++
    try {
      opened ??= open()
      const database = await opened.catch((error: unknown) => {
        opened = undefined
        throw error
      })
      return await work(database)
    } catch (error) {
      throw unavailableIfStorage(error)
    } finally {
      users--
      if (users === 0 && !closed) {
        idle = setTimeout(() => void (users === 0 && shut()), idleMs)
        idle.unref()
      }
    }
  }

  const transaction = async <T>(connection: DuckDBConnection, kind: string, work: () => Promise<T>): Promise<T> => {
    await connection.run(`BEGIN TRANSACTION ${kind}`)
    try {
      const result = await work()
      await connection.run('COMMIT')
      return result
    } catch (error) {
      // A failed COMMIT has rolled back itself; what matters is the first error.
      await connection.run('ROLLBACK').catch(() => {})
      throw error
    }
  }

  return {
    write: (work) => writes(() => use(({ writer }) => transaction(writer, '', () => work(writer)))),
    read: (work) => {
      if (reads.waiting() >= MOST_WAITING) return Promise.reject(storageErrors.STORAGE_BUSY({ retryAfterS: 1 }))
      return reads(() => use(({ reader }) => transaction(reader, 'READ ONLY', () => work(reader))))
    },
    replaceWith: (other) =>
      writes(() =>
        reads(async () => {
          clearTimeout(idle)
          // Closed in order, neither has anything left beside its file: from here on a kill leaves the one or the other whole.
          await shut()
          await rename(other, file)
        }),
      ),
    async close() {
      await Promise.all([writes(async () => {}), reads(async () => {})])
      closed = true
      clearTimeout(idle)
      await shut()
      await rm(`${file}.tmp`, { recursive: true, force: true })
    },
  }
}

/** Runs one after the other what it is given. */
function createLine() {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  const line = <T>(work: () => Promise<T>): Promise<T> => {
    waiting++
    const run = last.then(work).finally(() => waiting--)
    last = run.catch(() => {})
    return run
  }
  return Object.assign(line, { waiting: () => waiting })
}

/** Whether the library is there at all: an image may be built without it, and would only find out with the first event. */
export function hasDuckdb(resolve: (name: string) => string = (name) => import.meta.resolve(name)): boolean {
  try {
    resolve('@duckdb/node-api')
    return true
  } catch {
    return false
  }
}

/** A full or broken disk says nothing about the events: they wait until it is mended. */
export function unavailableIfStorage(error: unknown): unknown {
  const message = error instanceof Error ? error.message : ''
  // What a COMMIT finds out when it writes has a name of its own.
  const ofCommit = /^TransactionContext Error: Failed to commit: (Could not|Cannot|IO Error|Out of Memory)/i
  return ofCommit.test(message) || /^(IO Error|Out of Memory Error|FATAL Error)/i.test(message)
    ? storageErrors.STORAGE_UNAVAILABLE({ cause: error, retryAfterS: 5 })
    : error
}
