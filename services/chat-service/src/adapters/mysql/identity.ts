import { randomUUID } from 'node:crypto'
import type { Db } from './schema.ts'

/** What a store was made with, and is for ever. */
export type StoreIdentity = Readonly<{
  /** Of its resume tokens: those of another store are known by it. */
  epoch: string
  partitions: number
}>

/** A room would be looked for in the partition of another one. */
export class OtherPartitions extends Error {
  constructor(made: number, asked: number) {
    super(`this store was made with ${made} partitions, and is opened with ${asked}`)
  }
}

/** Where the messages of a store are, and the log that they are made of. */
export type MessageStoreName = 'mysql' | 'mongodb'

/** One of its two databases is not the one that it was. */
export class OtherStore extends Error {}

const ID = 1

/** Makes it what it is if it is new; of several that open it at once the first decides. @throws OtherPartitions, OtherStore */
export async function identify(
  db: Db,
  partitions: number,
  messages: MessageStoreName = 'mysql',
): Promise<StoreIdentity> {
  await db.insertInto('chat_store').ignore().values({ id: ID, epoch: randomUUID(), partitions }).execute()
  await db.insertInto('chat_message_store').ignore().values({ id: ID, name: messages }).execute()
  return (await identityOf(db, partitions, messages))!
}

/** Undefined for a store that is new, and stays so. @throws OtherPartitions, OtherStore */
export async function identityOf(
  db: Db,
  partitions: number,
  messages: MessageStoreName,
): Promise<StoreIdentity | undefined> {
  const made = await db
    .selectFrom('chat_store as s')
    .innerJoin('chat_message_store as m', 'm.id', 's.id')
    .select(['s.epoch', 's.partitions', 'm.name'])
    .where('s.id', '=', ID)
    .executeTakeFirst()
  if (!made) return undefined
  if (made.partitions !== partitions) throw new OtherPartitions(made.partitions, partitions)
  if (made.name !== messages)
    throw new OtherStore(`this store was made with its messages in ${made.name}, and is opened with ${messages}`)
  return { epoch: made.epoch, partitions: made.partitions }
}
