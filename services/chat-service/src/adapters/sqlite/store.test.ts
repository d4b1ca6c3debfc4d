import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import { createSqliteChatStore } from './store.ts'

const open = async (t: TestContext) => {
  const folder = tempDir(t)
  const store = await createSqliteChatStore(join(folder, 'chat.db'))
  t.after(() => store.close())
  return store
}

chatStoreContract('SQLite', open)
chatFeedContract('SQLite', open)
chatSenderContract('SQLite', open)
