import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatEventsContract } from '../chat-events.contract.ts'
import { chatListContract } from '../chat-list.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import { twoProcesses } from './processes.fixture.ts'
import { onEachMongodb } from './temporary.fixture.ts'

onEachMongodb(
  'the chat',
  (engine) => {
    const [name, open] = [`${engine.name}, two processes`, twoProcesses(engine)]
    chatConsentContract(name, open)
    chatListContract(name, open)
    chatEventsContract(name, open)
    const skip = engine.name === 'FerretDB' && 'FerretDB looks through whole collections: these take minutes on it'
    void suite('messages, rooms and who may send', { skip }, () => {
      if (skip) return
      chatStoreContract(name, open)
      chatSenderContract(name, open)
    })
  },
  mysqlEngine.skip,
)
