/** For administrators: what analytics-service counts. */

export type StatisticsInterval = 'hour' | 'day' | 'week' | 'month'

/** Dates, both included; of the installation's time zone unless `tz` names another one. */
export type StatisticsQuery = {
  from?: string | undefined
  to?: string | undefined
  interval?: StatisticsInterval | undefined
  tz?: string | undefined
}

/** What an answer is about; `to` is not included. */
type Asked = { from: string; to: string; interval: StatisticsInterval; tz: string }

export type StatisticsFigures = {
  messages: number
  active_people: number
  daily_active: number
  weekly_active: number
  monthly_active: number
  stickiness: number | null
  new_accounts: number
  closed_accounts: number
  sign_ins: number
  active_rooms: number
  new_rooms: number
}

export type StatisticsOverview = Asked & {
  range: StatisticsFigures
  before: { from: string; to: string; figures: StatisticsFigures }
  facts: number
  first_at: string | null
  last_at: string | null
}

export type MessageStatistics = Asked & {
  items: {
    start: string
    messages: number
    text: number
    image: number
    file: number
    voice: number
    other: number
    characters: number
    with_file: number
    with_mention: number
    edited: number
    deleted: number
    reactions: number
  }[]
  by_language: Record<string, number>
  by_hour: number[]
}

export type UserStatistics = Asked & {
  items: {
    start: string
    active: number
    writers: number
    new_accounts: number
    closed_accounts: number
    sign_ins: number
  }[]
  funnel: { registered: number; signed_in: number; befriended: number; wrote: number }
}

type Latency = {
  count: number
  median_ms: number | null
  p90_ms: number | null
  classes: { up_to_ms: number; count: number }[]
}

export type RoomStatistics = Asked & {
  items: { start: string; active: number; new_direct: number; new_group: number; joined: number }[]
  top: { room_id: number; messages: number }[]
  response: Latency
  delivery: Latency
}

export type RetentionStatistics = Asked & {
  items: { start: string; registered: number; active: number[] }[]
}

/** By week; groups of fewer than five people are in none. */
export type CareStatistics = Asked & {
  items: {
    start: string
    entries: number
    people: number
    groups: { measure: string; entries: number; people: number }[]
  }[]
}

export type StatisticsRebuild = {
  state: 'idle' | 'running' | 'done' | 'failed'
  events: number
  total: number
  started_at: string | null
  ended_at: string | null
  problem: string | null
}
