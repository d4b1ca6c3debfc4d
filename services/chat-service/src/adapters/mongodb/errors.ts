import { storageErrors } from '@bigtech/sql'

type Failure = Readonly<{ code: number; index: number; errmsg?: string }>

/** What the driver attaches to its errors. Its classes are not loaded here: errors are told apart by their names and by the server's codes. */
type DriverError = Readonly<{
  name?: unknown
  message?: unknown
  code?: number | string
  /** Of the network: the connection was not open yet. */
  beforeHandshake?: unknown
  /** Of a change of several documents: those that failed, what became of all, and what it was broken off by. */
  writeErrors?: Failure | readonly Failure[]
  result?: unknown
  errorResponse?: unknown
}>

const DUPLICATE_KEY = 11_000

/** No server was asked. */
const NOT_SENT = new Set([
  'MongoServerSelectionError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoTopologyClosedError',
  'MongoServerClosedError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
])

/** A server was asked, and the answer did not come. */
const LOST = new Set(['MongoNetworkError', 'MongoNetworkTimeoutError', 'MongoOperationTimeoutError'])

/** Of the operating system: the driver hands on what happens to a socket while it writes. A connection that could not be made it names itself. */
const SOCKET = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_WRITE_AFTER_END',
])

/** The server says that it did nothing: it is not the primary. */
const REFUSED = new Set([
  10_058, // no primary any more (an old form)
  10_107, // not the primary
  13_435, // not the primary, and no reads from it
  13_436, // neither primary nor secondary
])

/** The server is in trouble, or is about to be no primary, in the middle of something: a change may be kept or not. */
const INTERRUPTED = new Set([
  1, // internal error; FerretDB until its own store is there
  6, // a host cannot be reached
  7, // a host cannot be found
  50, // took too long
  64, // not confirmed by a majority in time
  89, // a network was too slow
  91, // shutting down
  189, // the primary stepped down
  262, // took too long
  9_001, // a socket
  11_600, // shutting down
  11_602, // another primary is chosen
  14_031, // disk full
])

/** The driver says of each change of several documents that it failed as one, also when none of them did but the network. */
const BULK = 'MongoBulkWriteError'

const failuresOf = ({ writeErrors }: DriverError): readonly Failure[] => [writeErrors ?? []].flat()

function of(error: unknown): DriverError {
  const found: DriverError = error ?? {}
  const isBrokenOff = found.name === BULK && failuresOf(found).length === 0 && found.errorResponse instanceof Error
  return isBrokenOff ? found.errorResponse : found
}

/** Some document has that key already. */
export const isDuplicate = (error: unknown): boolean => of(error).code === DUPLICATE_KEY

type Kind = 'not_sent' | 'lost' | 'other'

function kindOf(error: unknown): Kind {
  const { name, code, beforeHandshake } = of(error)
  if (NOT_SENT.has(String(name)) || REFUSED.has(Number(code))) return 'not_sent'
  if (LOST.has(String(name))) return beforeHandshake === true ? 'not_sent' : 'lost'
  if (SOCKET.has(String(code)) || INTERRUPTED.has(Number(code))) return 'lost'
  return name === 'MongoWriteConcernError' ? 'lost' : 'other'
}

/** What goes into logs: the driver's errors of several documents have these in them. */
const plain = (error: unknown): Error => {
  const { name, message, code } = of(error)
  return new Error(`${String(name)}${typeof code === 'number' ? ` ${code}` : ''}: ${String(message)}`)
}

/** An outage is STORAGE_UNAVAILABLE (503); anything else is as it is. */
export async function reading<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (kindOf(error) === 'other') throw error
    throw storageErrors.STORAGE_UNAVAILABLE({ cause: plain(error), retryAfterS: 5 })
  }
}

/** A change that nobody knows the outcome of is STORAGE_UNCERTAIN; one that surely was not made is STORAGE_UNAVAILABLE. */
export async function writing<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    const kind = kindOf(error)
    if (kind === 'other') throw error
    const make = kind === 'lost' ? storageErrors.STORAGE_UNCERTAIN : storageErrors.STORAGE_UNAVAILABLE
    throw make({ cause: plain(error), retryAfterS: 5 })
  }
}

/**
 * A change of several documents, each by itself, in any order.
 * @returns places, in what was asked for, of those whose key is taken; all others were carried out
 */
export async function writingEach(change: () => Promise<unknown>): Promise<readonly number[]> {
  return writing(async () => {
    try {
      await change()
      return []
    } catch (error) {
      const found = of(error)
      if (found.name !== BULK) throw error
      const failures = failuresOf(found)
      const worst = failures.find(({ code }) => code !== DUPLICATE_KEY)
      if (worst) throw Object.assign(new Error(worst.errmsg ?? 'a change of several'), { code: worst.code })
      const { result } = found as { result?: { getWriteConcernError?: () => { errmsg?: string } | undefined } }
      const unconfirmed = result?.getWriteConcernError?.()
      if (unconfirmed) throw Object.assign(new Error(unconfirmed.errmsg ?? 'not confirmed'), { code: 64 })
      if (failures.length === 0) throw error
      return failures.map(({ index }) => index)
    }
  })
}
