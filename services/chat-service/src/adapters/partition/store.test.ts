import { chatConsentContract } from '../chat-consent.contract.ts'
import { chatFeedContract } from '../chat-feed.contract.ts'
import { chatListContract } from '../chat-list.contract.ts'
import { chatSenderContract } from '../chat-sender.contract.ts'
import { chatStoreContract } from '../chat-store.contract.ts'
import { openProcesses } from './store.fixture.ts'

for (const [name, processes] of [
  ['partition log, one process', ['a#1']],
  ['partition log, two processes', ['a#1', 'b#1']],
] as const) {
  chatStoreContract(name, (t) => openProcesses(t, processes))
  chatConsentContract(name, (t) => openProcesses(t, processes))
  chatFeedContract(name, (t) => openProcesses(t, processes))
  chatSenderContract(name, (t) => openProcesses(t, processes))
  chatListContract(name, (t) => openProcesses(t, processes))
}
