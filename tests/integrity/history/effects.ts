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
  /** When it last had something new; ms since the epoch, by the server's clock. */
  at: number
}

/** All of somebody's list. */
export type Inbox = { user: number; unread: number; notes: NoteFact[] }

/** A device of somebody: a browser that is subscribed at a push service. */
export type Device = {
  name: string
  user: number
  /** Kinds that its person wants no device to be told of. */
  refused: readonly string[]
}

/** A message that a push service brought to a device, which has decrypted it. `n` as everything else that is recorded. */
export type PushFact = {
  n: number
  device: string
  kind: string
  /** A device shows one a tag: the latest. */
  tag: string
  /** Of which telling it is; ms since the epoch, by the server's clock. A message that is tried again says the same. */
  at: number
  /** Of a room: up to which message. */
  room: number | null
  seq: number | null
}

/** What devices were told in a round, by those of its people. */
export type Told = {
  devices: Device[]
  pushes: PushFact[]
  /** From here on the account that closes in the round is closed for every service; null: it is not. */
  goneFrom: { user: number; n: number } | null
}
