import type { StoreFacts } from '../history/store.ts'

export const goodStore = (): StoreFacts => ({
  integrity: { 'chat.db': 'ok', 'events.db': 'ok' },
  outbox: { 'chat-service': 0 },
  inbox: { 'chat-service': ['e1'], 'friend-service': ['e1'], 'notification-service': ['e1'], 'user-service': [] },
  records: [
    { topic: 'user.events', partition: 0, offset: 0, id: 'e1', type: 'UserRegistered' },
    { topic: 'user.events', partition: 0, offset: 1, id: 'e2', type: 'UserLoggedIn' },
  ],
  groups: [{ group: 'chat-service', topic: 'user.events', partition: 0, committed: 2, end: 2 }],
  exit: 0,
})

export const BAD_STORES: readonly (readonly [kind: string, spoil: (store: StoreFacts) => unknown])[] = [
  ['corrupt', (store) => (store.integrity['chat.db'] = 'row 7 missing from index')],
  ['not-published', (store) => (store.outbox['chat-service'] = 1)],
  ['not-handled', (store) => (store.groups[0]!.committed = 1)],
  ['event-lost', (store) => (store.records[1]!.offset = 2)],
  ['effect-missing', (store) => store.inbox['friend-service']!.pop()],
  ['effect-missing', (store) => store.inbox['notification-service']!.pop()],
  ['server', (store) => (store.exit = 1)],
]
