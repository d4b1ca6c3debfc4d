import type { StoreFacts } from '../history/store.ts'
import type { Violation } from './violation.ts'

/**
 * Which events a group keeps the ids of, as docs/events.md says who handles what. (Handlers that only forget a cache entry keep
 * none, nor do those of the closure saga, which keeps its own state.)
 */
const HANDLED: Readonly<Record<string, readonly string[]>> = {
  'chat-service': [
    'UserRegistered',
    'UserProfileUpdated',
    'UserStatusChanged',
    'UserBlocked',
    'UserUnblocked',
    'UserClosureRequested',
    'UserClosed',
  ],
  'friend-service': ['UserRegistered', 'UserProfileUpdated', 'UserStatusChanged', 'UserClosureRequested', 'UserClosed'],
  'notification-service': [
    'UserRegistered',
    'UserProfileUpdated',
    'UserStatusChanged',
    'UserClosed',
    'UserBlocked',
    'UserUnblocked',
    'FriendRequestSent',
    'FriendRequestAccepted',
    'FriendRequestRejected',
    'FriendRequestCancelled',
    'MessageReactionAdded',
    'MessageReactionRemoved',
    'MessageDeleted',
  ],
  'user-service': ['FriendRequestAccepted', 'FriendRemoved', 'UserBlocked', 'UserUnblocked'],
}

/** Guarantee 4 once more, from the files of the stopped server: nothing waits, nothing is corrupt, every group handled every event. */
export function checkStore(store: StoreFacts): Violation[] {
  const broken = Object.entries(store.integrity).filter(([, state]) => state !== 'ok')
  const waiting = Object.entries(store.outbox).filter(([, rows]) => rows > 0)
  return [
    ...broken.map(([file, state]): Violation => ({ kind: 'corrupt', what: `${file}: ${state}` })),
    ...waiting.map(([service, rows]): Violation => ({ kind: 'not-published', what: `${service}: ${rows} events` })),
    ...store.groups
      .filter(({ committed, end }) => committed !== end)
      .map(({ group, topic, partition, committed, end }): Violation => {
        return { kind: 'not-handled', what: `${group} is at ${committed} of ${end} in ${topic}/${partition}` }
      }),
    ...checkOffsets(store),
    ...checkInboxes(store),
    ...(store.exit === 0 ? [] : [{ kind: 'server', what: `SIGTERM ended the server with ${store.exit}` }]),
  ]
}

/** Offsets have no holes: a hole would be a record that was there. */
function checkOffsets({ records }: StoreFacts): Violation[] {
  const partitions = Map.groupBy(records, ({ topic, partition }) => `${topic}/${partition}`)
  return [...partitions].flatMap(([place, of]): Violation[] => {
    const offsets = of.map(({ offset }) => offset).toSorted((a, b) => a - b)
    const hole = offsets.findIndex((offset, i) => offset !== offsets[0]! + i)
    return hole < 0 ? [] : [{ kind: 'event-lost', what: `${place} has no record before offset ${offsets[hole]}` }]
  })
}

function checkInboxes({ records, inbox }: StoreFacts): Violation[] {
  return Object.entries(HANDLED).flatMap(([group, types]) => {
    const taken = new Set(inbox[group])
    const missing = records.filter(
      ({ topic, type, id }) =>
        !topic.endsWith('.dlq') && types.includes(type) && !id.startsWith('poison-') && !taken.has(id),
    )
    return missing.map(({ type, id, topic, partition, offset }): Violation => {
      return { kind: 'effect-missing', what: `${group} never handled ${type} ${id} at ${topic}/${partition}/${offset}` }
    })
  })
}
