import { CheckStateSchema } from '@bigtech/http'
import { Type } from 'typebox'

/** What the bus, the outboxes and the dead-letter queues tell the operator (packages/messaging ports). */

/** Of a record in its partition, or of a row in its outbox. */
export const Offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Name = (example: string) => Type.String({ examples: [example] })
const Headers = Type.Record(Type.String(), Type.String(), {
  examples: [{ ce_type: 'UserLoggedIn', ce_source: '/user-service', ce_specversion: '1.0' }],
})
const EVENT_ID = '0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'
const Value = Type.Record(Type.String(), Type.Unknown(), {
  description: 'The event; private texts only as length and hash',
  examples: [{ event_type: 'UserLoggedIn', event_id: EVENT_ID, user_id: 7, timestamp: '2026-01-27T10:00:00.000Z' }],
})
const record = { topic: Name('user.events'), key: Name('7'), value: Value, headers: Headers }

export const TopicState = Type.Object(
  {
    name: Name('user.events'),
    partitions: Type.Array(Type.Object({ partition: Offset, start_offset: Offset, end_offset: Offset }), {
      examples: [[{ partition: 0, start_offset: 0, end_offset: 120 }]],
    }),
    retention_ms: Type.Integer({ examples: [604_800_000] }),
  },
  { $id: 'TopicState' },
)

export const StoredEvent = Type.Object(
  {
    ...record,
    partition: Offset,
    offset: Offset,
    stored_at: Type.Integer({ description: 'epoch ms', examples: [1_769_508_000_000] }),
  },
  { $id: 'StoredEvent' },
)

export const GroupLag = Type.Object(
  {
    group: Name('friend-service'),
    topic: Name('user.events'),
    partition: Offset,
    committed_offset: Type.Integer({ examples: [118] }),
    end_offset: Type.Integer({ examples: [120] }),
    lag: Type.Integer({ description: 'records not handled yet', examples: [2] }),
  },
  { $id: 'GroupLag' },
)

export const OutboxStats = {
  pending: Type.Integer({ minimum: 0, examples: [0] }),
  parked: Type.Integer({ minimum: 0, examples: [0] }),
  oldest_created_at: Type.Union([Type.Integer(), Type.Null()], { description: 'epoch ms', examples: [null] }),
}

export const OutboxState = Type.Object({ service: Name('user-service'), ...OutboxStats }, { $id: 'OutboxState' })

export const OutboxList = Type.Object({
  items: Type.Array(OutboxState),
  away: Type.Array(Name('friend-service'), {
    description: 'Services of which no process answers; their outboxes are not in the list',
    examples: [[]],
  }),
})

export const ParkedEvent = Type.Object(
  {
    id: Type.String({ examples: ['1'], description: 'The name of the row in its outbox' }),
    record: Type.Object(record),
    attempts: Type.Integer({ examples: [8] }),
    created_at: Type.Integer({ description: 'epoch ms', examples: [1_769_508_000_000] }),
    last_error: Type.Union([Type.String(), Type.Null()], { examples: ['There is no topic user.event'] }),
  },
  { $id: 'ParkedEvent' },
)

export const DeadLetterView = Type.Object(
  {
    topic: Name('user.events'),
    partition: Type.Integer({ description: 'place in the DLQ topic', minimum: 0, examples: [0] }),
    offset: Type.Integer({ description: 'place in the DLQ topic; replay takes it', minimum: 0, examples: [0] }),
    event_id: Name(EVENT_ID),
    event_type: Name('UserLoggedIn'),
    failed: Type.Object({
      group: Name('friend-service'),
      partition: Offset,
      offset: Offset,
      attempts: Type.Integer({ examples: [5] }),
      error: Name('UserLoggedIn.user_id must be an integer'),
      error_code: Name('TypeError'),
      failed_at: Type.String({ format: 'date-time' }),
    }),
    record: StoredEvent,
  },
  { $id: 'DeadLetter' },
)

const Status = Type.Enum(['up', 'down'])
export const CheckStates = Type.Record(Type.String(), CheckStateSchema, {
  examples: [{ database: { status: 'up' }, events: { status: 'up' } }],
})

export const ServiceHealth = Type.Object(
  {
    service: Name('user-service'),
    checks: CheckStates,
    instances: Type.Array(
      Type.Object({
        name: Name('node-1'),
        process: Type.Union([Type.String(), Type.Null()], {
          description: 'As in the metrics; null while it does not answer',
          examples: [EVENT_ID],
        }),
        status: Status,
        detail: Type.Optional(Type.String({ description: 'Why it does not answer' })),
        checks: CheckStates,
      }),
      {
        description: 'The processes that run it; `checks` of the service has what is down at any of them',
        examples: [[{ name: 'node-1', process: EVENT_ID, status: 'up', checks: { database: { status: 'up' } } }]],
      },
    ),
  },
  { $id: 'ServiceHealth' },
)

/** Of rows that one process asks another for. */
export const Limit = Type.Integer({ minimum: 1, maximum: 500 })

export const List = <T extends Parameters<typeof Type.Array>[0]>(item: T) => Type.Object({ items: Type.Array(item) })

const files = Type.Integer({ minimum: 0, examples: [312] })
const bytes = Type.Integer({ minimum: 0, examples: [84_213_113] })
export const StorageState = Type.Object(
  {
    total: Type.Object({ files, bytes }),
    allowed: Type.Object({ files, bytes }, { description: 'Of one account' }),
    accounts: Type.Array(Type.Object({ user_id: Type.Integer({ minimum: 1, examples: [7] }), files, bytes }), {
      description: 'At most 20, the largest first',
    }),
  },
  { $id: 'StorageState' },
)

export const ReportStatus = Type.Enum(['open', 'handled'])

export const ReportView = Type.Object(
  {
    id: Type.Integer({ examples: [1] }),
    reporter_id: Type.Integer({ examples: [7] }),
    user_id: Type.Integer({ description: 'Who was reported', examples: [8] }),
    reason: Type.Enum(['spam', 'abuse', 'sexual', 'illegal', 'other']),
    note: Type.String({ examples: [''] }),
    message_ids: Type.Array(Type.String({ examples: ['msg_1_42'] })),
    created_at: Type.String({ format: 'date-time' }),
    status: ReportStatus,
    handled_by: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The administrator who looked after it',
      examples: [null],
    }),
    handled_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { examples: [null] }),
  },
  { $id: 'Report' },
)
