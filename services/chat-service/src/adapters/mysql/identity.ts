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

const ID = 1

/** Makes it what it is if it is new; of several that open it at once the first decides. @throws OtherPartitions */
export async function identify(db: Db, partitions: number): Promise<StoreIdentity> {
  await db.insertInto('chat_store').ignore().values({ id: ID, epoch: randomUUID(), partitions }).execute()
  const made = await db
    .selectFrom('chat_store')
    .select(['epoch', 'partitions'])
    .where('id', '=', ID)
    .executeTakeFirstOrThrow()
  if (made.partitions !== partitions) throw new OtherPartitions(made.partitions, partitions)
  return made
}
