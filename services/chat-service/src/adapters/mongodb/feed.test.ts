import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { twoProcesses } from './processes.fixture.ts'
import { onEachMongodb } from './temporary.fixture.ts'

onEachMongodb(
  'search and feed of the chat',
  (engine) => {
    const skip =
      engine.name === 'FerretDB' && 'FerretDB looks through all messages for each page: thousands take minutes'
    void suite('search and feed', { skip }, () => {
      if (!skip) chatFeedContract(`${engine.name}, two processes`, twoProcesses(engine))
    })
  },
  mysqlEngine.skip,
)
