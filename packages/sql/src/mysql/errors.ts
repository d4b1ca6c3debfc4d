import { storageErrors } from '../errors.ts'

/** What mysql2 attaches to errors of the server (`errno`, `sqlState`) and of the connection (`code`, `fatal`). */
type DriverError = Readonly<{ code?: unknown; errno?: unknown; fatal?: unknown; message?: unknown }>

/** The server is there but cannot write, or no longer wants to: connections used up, shutting down, disk full, read only. */
const SERVER_TROUBLE = new Set([
  1021, // disk full
  1030, // error from the storage engine
  1037, // out of memory
  1040, // too many connections
  1041, // out of memory
  1053, // shutting down
  1114, // table full
  1203, // too many connections of this user
  1290, // read only
  1836, // read-only mode
  1317, // query interrupted
  1927, // connection was killed
  3024, // execution time exceeded
])

/** Of the operating system, or of the driver itself. */
const CONNECTION_TROUBLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
])

/** Two transactions waited for each other, or one for another too long: it was undone and may be run again. */
const CONTENTION = new Set([1205, 1213])

export const isContention = (error: unknown): boolean => CONTENTION.has(Number((error as DriverError | null)?.errno))

/** The database, not the statement, is at fault. */
export function isMysqlOutage(error: unknown): boolean {
  const { code, errno, fatal, message } = (error ?? {}) as DriverError
  if (SERVER_TROUBLE.has(Number(errno)) || CONNECTION_TROUBLE.has(String(code))) return true
  // mysql2 has no code for these.
  return (
    fatal === true || (typeof message === 'string' && /closed state|Pool is closed|Queue limit reached/.test(message))
  )
}

/** An outage in which the server did not say what became of the statement: it may have been carried out. */
export const isLostAnswer = (error: unknown): boolean =>
  isMysqlOutage(error) && !SERVER_TROUBLE.has(Number((error as DriverError).errno))

/** An outage becomes STORAGE_UNAVAILABLE (503, retry later); anything else is returned as it is. */
export function mapMysqlError(error: unknown): unknown {
  return isMysqlOutage(error) ? storageErrors.STORAGE_UNAVAILABLE({ cause: error, retryAfterS: 5 }) : error
}
