import type { Collection, Db } from 'mongodb'
import type { Selectable } from 'kysely'
import type { MessageTables } from '../mysql/tables.ts'
import { isDuplicate, reading, writing } from './errors.ts'

/** A whole number below 2^53 as text, in whose order the numbers are. */
export const ordered = (number: number): string => number.toString(36).padStart(11, '0')

/** The key of a document of the log, of a message: what has it in common with others stands first. */
export const placeOf = (of: number, number: number): string => `${of}/${ordered(number)}`

/**
 * What is stored. Keys are made of what a document is, so that an insert is what decides between two; no collection has another unique key.
 * Of the queries there are equality, one range, a sort and a limit, and of the changes one document at a time, guarded by a version: no transactions,
 * counters, change streams, no indexes with an end or a condition, no operators on arrays. `…log_at`: microseconds of a log document.
 */
export type Documents = {
  /** `entries` is JSON: it comes back as it was, whatever is in it. Empty text: it was emptied. */
  log: { _id: string; p: number; n: number; term: number; at: number; by: string; entries: string }
  partition_leases: {
    _id: number
    holder: string | null
    next: string | null
    term: number
    floor: number
    version: number
  }
  /** `address`: where the process is reached by the others. */
  partition_nodes: { _id: string; beat: number; address?: string }
  partition_cursors: { _id: number; n: number }
  /** One document: what the store was made with. */
  chat_store: { _id: string; epoch: string; partitions: number }
  /** `text_rev`: the revision of its latest text, whose terms are the ones it is found by. JSON is text here. */
  messages: Omit<Selectable<MessageTables['messages']>, 'client_message_id'> & {
    _id: string
    client_message_id: string | null
    text_rev: number
  }
  /** `at`: of the message, in the order of time; `first`: the character that the term begins with. */
  search_terms: { _id: string; room_id: number; term: string; first: string; at: string }
  search_rooms: { _id: number; rev: number }
  /** One document: how far the indexes below were made. */
  schema: { _id: string; version: number }
}

export const collection = <Name extends keyof Documents>(db: Db, name: Name): Collection<Documents[Name]> =>
  db.collection<Documents[Name]>(name)

type Index = readonly [name: keyof Documents, keys: Readonly<Record<string, 1 | -1>>]

/** In order; a step that has run somewhere is never changed. */
const STEPS: readonly (readonly Index[])[] = [
  [
    ['messages', { room_id: 1, rev: 1 }],
    ['messages', { room_id: 1, log_at: 1, rev: 1 }],
    ['messages', { room_id: 1, user_id: 1, client_message_id: 1 }],
    ['search_terms', { room_id: 1, term: 1, at: -1 }],
    ['search_terms', { room_id: 1, first: 1, at: -1 }],
  ],
]

const ID = 'indexes'

/** Brings the indexes to the newest version. Several processes may do it at once: an index that is there is passed over. */
export async function migrateMongodb(db: Db): Promise<void> {
  const schema = collection(db, 'schema')
  const found = await reading(() => schema.findOne({ _id: ID }))
  const done = found?.version ?? 0
  if (done > STEPS.length)
    throw new Error(`this store is of version ${done}, and this program knows ${STEPS.length}: it is too old for it`)
  for (const step of STEPS.slice(done))
    for (const [name, keys] of step) await writing(() => collection(db, name).createIndex({ ...keys }))
  await raise(schema, ID, 'version', STEPS.length)
}

/**
 * Raises a number of a document, which is made if there is none; one that is as high is left as it is.
 * @param more what else is written when it is raised
 */
export async function raise<Doc extends { _id: string | number }>(
  documents: Collection<Doc>,
  _id: Doc['_id'],
  field: string & keyof Doc,
  to: number,
  more: Partial<Doc> = {},
): Promise<void> {
  const all = documents as unknown as Collection<{ _id: string | number }>
  for (;;) {
    const set = { $set: { [field]: to, ...more } }
    const { matchedCount } = await writing(() => all.updateOne({ _id, [field]: { $lt: to } }, set))
    if (matchedCount > 0) return
    if (await insertNew(all, { _id, [field]: to, ...more })) return
    const stored = await reading(() => all.findOne({ _id }))
    // Another one made it meanwhile, with less; or took it away.
    if (stored && Number((stored as Record<string, unknown>)[field]) >= to) return
  }
}

/** @returns whether it was: false when the key is taken */
export async function insertNew<Doc extends { _id: string | number }>(
  documents: Collection<Doc>,
  document: Doc,
): Promise<boolean> {
  const all = documents as unknown as Collection<{ _id: string | number }>
  try {
    await writing(() => all.insertOne(document))
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}
