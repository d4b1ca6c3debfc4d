import { join } from 'node:path'
import { openThreadedDatabase } from '@bigtech/sql'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import { userMigrations } from '../../migrations/index.ts'
import { userStoreContract } from '../user-store.contract.ts'
import type { UserSchema } from './schema.ts'
import { createSqlUserStore } from './store.ts'

const open = async (t: Cleanup) => {
  const db = await openThreadedDatabase<UserSchema>(join(tempDir(t), 'user.db'), 'user-service', userMigrations)
  t.after(() => db.destroy())
  return db
}

userStoreContract('SQLite', async (t) => createSqlUserStore(await open(t)))
