import { join } from 'node:path'
import { tempDir } from '@bigtech/testkit'
import { friendStoreContract } from '../friend-store.contract.ts'
import { openFriendDatabase } from './open.ts'

friendStoreContract('SQLite', async (t) => {
  const folder = tempDir(t)
  const database = await openFriendDatabase(join(folder, 'friend.db'))
  t.after(() => database.close())
  return database
})
