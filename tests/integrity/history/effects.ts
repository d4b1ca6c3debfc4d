/** What services that only listen to events made of them, as they answer when all is calm. */

/** Figures by their names, as the API has them. */
export type Figures = Readonly<Record<string, number>>

/** ISO 8601; `to` is not included. */
export type Range = Readonly<{ from: string; to: string }>

/** Of the figures of a time: when it begins. The next one ends it. */
export type Counted = Readonly<{ start: string } & Record<string, number | string>>

/** The answers of analytics-service (docs/statistics.md), of days and hours in UTC. */
export type Statistics = {
  overview: Range & { range: Figures; before: Range & { figures: Figures } }
  messages: Range & { items: Counted[]; by_language: Figures; by_hour: number[] }
  users: Range & { items: Counted[]; funnel: Figures }
  rooms: Range & { items: Counted[]; top: { room_id: number; messages: number }[] }
}

/** Something that somebody is told in their list of notifications. */
export type NoteFact = {
  id: number
  kind: string
  /** Whose doing it is, the latest first, three at most. */
  actors: number[]
  actor_count: number
  room: number | null
  message: string | null
  seq: number | null
  read: boolean
}

/** All of somebody's list. */
export type Inbox = { user: number; unread: number; notes: NoteFact[] }
