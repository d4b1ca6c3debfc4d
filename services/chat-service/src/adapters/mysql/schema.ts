import type { Kysely } from '@bigtech/sql'

export type ChatLogSchema = {
  log: {
    p: number
    n: number
    term: number
    /** Microseconds. */
    at: number
    by: string
    /** JSON, UTF-8. It is written as text, which the server keeps as it comes, and read as bytes. */
    entries: string | Buffer
  }
  partition_leases: {
    p: number
    holder: string | null
    next: string | null
    term: number
    /** Microseconds. */
    floor: number
    version: number
  }
  partition_nodes: { node: string; beat: number }
  partition_cursors: { p: number; n: number }
  partition_addresses: { node: string; address: string }
  chat_store: { id: number; epoch: string; partitions: number }
  chat_message_store: { id: number; name: 'mysql' | 'mongodb' }
}

export type Db = Kysely<ChatLogSchema>

/** Beyond 2^53 a number would be stored as another one, or come back as text. @throws RangeError */
export function exact(...numbers: readonly number[]): void {
  for (const number of numbers)
    if (!Number.isSafeInteger(number)) throw new RangeError(`not an integer within 2^53: ${String(number)}`)
}
