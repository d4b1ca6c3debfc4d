/** Shapes of the HTTP API, as the services' contracts have them (types.test.ts compares). Times are ISO 8601 UTC. */

export type Page<T> = { items: T[]; next_cursor: string | null }
export type PageQuery = { cursor?: string | undefined; limit?: number | undefined }

export type * from './types/care.ts'
export type * from './types/notifications.ts'
export type * from './types/ops.ts'
export type * from './types/people.ts'
export type * from './types/rooms.ts'
export type * from './types/statistics.ts'
