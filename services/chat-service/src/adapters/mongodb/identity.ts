import type { Db } from 'mongodb'
import { OtherPartitions, OtherStore, type StoreIdentity } from '../mysql/identity.ts'
import type { ChatDb } from '../mysql/tables.ts'
import { reading } from './errors.ts'
import { collection, insertNew } from './schema.ts'

const ID = 'store'

/**
 * Makes the database a part of the store that the other database says it is. One that is empty is none of a store that has something: it was
 * lost, or is not the one that is meant.
 * @throws OtherStore, OtherPartitions
 */
export async function joinStore(db: Db, rooms: ChatDb, { epoch, partitions }: StoreIdentity): Promise<void> {
  const stores = collection(db, 'chat_store')
  const find = () => reading(() => stores.findOne({ _id: ID }))
  let made = await find()
  if (!made) {
    const applied = await rooms.selectFrom('partition_positions').select('p').where('n', '>', 0).executeTakeFirst()
    if (applied) throw new OtherStore('the MongoDB database has no messages, and there are rooms in the MySQL database')
    await insertNew(stores, { _id: ID, epoch, partitions })
    made = await find()
  }
  if (made?.epoch !== epoch)
    throw new OtherStore(
      'the MongoDB database has the messages of another store than the MySQL database has the rooms of',
    )
  if (made.partitions !== partitions) throw new OtherPartitions(made.partitions, partitions)
}
