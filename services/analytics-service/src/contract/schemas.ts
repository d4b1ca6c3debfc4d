import { Type, type Static } from 'typebox'

const Count = (example: number, description?: string) =>
  Type.Integer({ minimum: 0, examples: [example], ...(description ? { description } : {}) })
const Time = Type.String({ format: 'date-time', examples: ['2026-01-26T15:00:00.000Z'] })
const Share = (description: string) => Type.Union([Type.Number(), Type.Null()], { description, examples: [0.25] })

export const IntervalSchema = Type.Enum(['hour', 'day', 'week', 'month'])

/** What every answer says of what it is about. */
export const Asked = {
  from: Time,
  to: Type.String({ format: 'date-time', description: 'not included', examples: ['2026-02-25T15:00:00.000Z'] }),
  interval: IntervalSchema,
  tz: Type.String({ examples: ['Asia/Seoul'] }),
}

const Figures = Type.Object({
  messages: Count(1200),
  active_people: Count(80, 'people who did something in the range'),
  daily_active: Type.Number({ description: 'mean of the days (DAU)', examples: [31.5] }),
  weekly_active: Count(60, 'in the last 7 days of the range (WAU)'),
  monthly_active: Count(80, 'in the 30 days up to the end of the range (MAU)'),
  stickiness: Share('DAU / MAU'),
  new_accounts: Count(12),
  closed_accounts: Count(1),
  sign_ins: Count(140),
  active_rooms: Count(40, 'rooms in which somebody wrote'),
  new_rooms: Count(9),
})

export const OverviewSchema = Type.Object(
  {
    ...Asked,
    range: Figures,
    before: Type.Object({ from: Time, to: Time, figures: Figures }, { description: 'as many days, right before' }),
    /** Facts there are, whatever was asked. */
    facts: Count(50_000),
    first_at: Type.Union([Time, Type.Null()]),
    last_at: Type.Union([Time, Type.Null()]),
  },
  { $id: 'StatisticsOverview' },
)

export const MessagesSchema = Type.Object(
  {
    ...Asked,
    items: Type.Array(
      Type.Object({
        start: Time,
        messages: Count(120),
        text: Count(100),
        image: Count(10),
        file: Count(5),
        voice: Count(5),
        other: Count(0),
        characters: Count(1800),
        with_file: Count(15),
        with_mention: Count(4),
        edited: Count(3),
        deleted: Count(1),
        reactions: Count(20),
      }),
    ),
    by_language: Type.Record(Type.String(), Count(90), {
      description: 'by the script that most letters are of: ko, latin, ja, zh, other; none has no letters',
      examples: [{ ko: 90, latin: 10 }],
    }),
    by_hour: Type.Array(Count(12), { description: 'messages by hour of the day, from 0 to 23, in the time zone' }),
  },
  { $id: 'MessageStatistics' },
)

export const UsersSchema = Type.Object(
  {
    ...Asked,
    items: Type.Array(
      Type.Object({
        start: Time,
        active: Count(31),
        writers: Count(20, 'people who wrote a message'),
        new_accounts: Count(2),
        closed_accounts: Count(0),
        sign_ins: Count(9),
      }),
    ),
    funnel: Type.Object(
      { registered: Count(12), signed_in: Count(11), befriended: Count(8), wrote: Count(7) },
      { description: 'of the accounts made in the range those that did so in it' },
    ),
  },
  { $id: 'UserStatistics' },
)

const Latency = Type.Object({
  count: Count(300),
  median_ms: Type.Union([Count(42_000), Type.Null()]),
  p90_ms: Type.Union([Count(600_000), Type.Null()]),
  classes: Type.Array(Type.Object({ up_to_ms: Count(1_000), count: Count(20) })),
})

export const RoomsSchema = Type.Object(
  {
    ...Asked,
    items: Type.Array(
      Type.Object({ start: Time, active: Count(40), new_direct: Count(3), new_group: Count(1), joined: Count(2) }),
    ),
    top: Type.Array(Type.Object({ room_id: Count(7), messages: Count(210) }), {
      description: 'where most was written',
    }),
    response: Type.Object(Latency.properties, {
      description: 'from a message to the next one in the room, of somebody else, within a day',
    }),
    delivery: Type.Object(Latency.properties, {
      description: 'from a message until somebody else had read up to it, within a day',
    }),
  },
  { $id: 'RoomStatistics' },
)

export const RetentionSchema = Type.Object(
  {
    ...Asked,
    items: Type.Array(
      Type.Object({
        start: Time,
        registered: Count(12),
        active: Type.Array(Count(6), {
          description: 'of them, in the interval of their registration, the one after it, …',
        }),
      }),
    ),
  },
  { $id: 'RetentionStatistics' },
)

const CareGroup = Type.Object({
  measure: Type.String({ examples: ['cue:sleep'] }),
  entries: Count(14),
  people: Count(6),
})

export const CareSchema = Type.Object(
  {
    ...Asked,
    items: Type.Array(
      Type.Object({
        start: Time,
        entries: Count(80, 'handed in by all'),
        people: Count(21, 'who handed something in'),
        groups: Type.Array(CareGroup, {
          description:
            'by how it was handed in (`text`, `voice`, `mood`, `questionnaire`), by cue, by level of safety, and of questionnaires whose cut-off was reached; groups of fewer than five people are in none',
        }),
      }),
    ),
  },
  { $id: 'CareStatistics' },
)

export const RebuildSchema = Type.Object(
  {
    state: Type.Enum(['idle', 'running', 'done', 'failed']),
    events: Count(1_000, 'read so far'),
    total: Count(20_000, 'in the log, as far as is known'),
    started_at: Type.Union([Time, Type.Null()]),
    ended_at: Type.Union([Time, Type.Null()]),
    problem: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: 'StatisticsRebuild' },
)

export type Overview = Static<typeof OverviewSchema>
export type MessageStatistics = Static<typeof MessagesSchema>
export type UserStatistics = Static<typeof UsersSchema>
export type RoomStatistics = Static<typeof RoomsSchema>
export type RetentionStatistics = Static<typeof RetentionSchema>
export type CareStatistics = Static<typeof CareSchema>
export type RebuildState = Static<typeof RebuildSchema>
