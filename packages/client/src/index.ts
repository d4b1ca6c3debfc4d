export { foldText, searchWords } from '@bigtech/kernel/search-text'
export { createClient, type Client, type ClientOptions } from './client.ts'
export { ApiError, isTemporary, NetworkError, type FieldError } from './errors.ts'
export type { CallOptions } from './http/http.ts'
export type { Session, SessionStorage } from './http/session.ts'
export type { StatisticsPage } from './api/statistics.ts'
export { uuid } from './http/uuid.ts'
export type { Connection, ConnectionState, ConnectOptions } from './stream/connection.ts'
export type * from './stream/frames.ts'
export type { Outbox, OutboxEntry } from './sync/outbox.ts'
export { reduce } from './sync/reduce.ts'
export {
  isCalled,
  isMuted,
  roomList,
  roomUnread,
  timeline,
  totalUnread,
  typingIn,
  unreadMentions,
  unreadOf,
  type TimelineEntry,
} from './sync/selectors.ts'
export { emptyState } from './sync/state.ts'
export type * from './sync/state.ts'
export type { Sync, SyncOptions } from './sync/sync.ts'
export { seqOf } from './types/ids.ts'
export { hasNewer, hasOlder } from './sync/window.ts'
export type * from './types.ts'
