import { exampleOf, type Json } from '@bigtech/http'
import type { EventOfSystem } from './system.ts'

const EVENT_ID = '0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'
const AT = '2026-01-27T10:00:00.000Z'

/** Numbers differ from field to field: keyFieldsOf finds the fields of a key by their values. */
const FIELDS: Readonly<Record<string, unknown>> = {
  message_id: 'msg_1_42',
  room_id: 1,
  user_id: 100,
  seq: 42,
  rev: 57,
  content: '안녕하세요!',
  message_type: 'text',
  reply_to: null,
  reply_to_user_id: null,
  file_id: null,
  emoji: '👍',
  author_id: 102,
  mentions: [102],
  mentions_everyone: false,
  notify: 'mentions',
  muted_until: null,
  old_read_seq: 41,
  read_seq: 42,
  room_type: 'group',
  name: '점심 모임',
  created_by: 100,
  member_ids: [100, 101],
  via: 'added',
  new_owner: null,
  role: 'admin',
  saga_id: '0198c2ab-11d2-7f3e-8a51-5d2f0c9e7b44',
  service: 'chat-service',
  reason: '시간 초과',
  email: 'test@example.com',
  username: 'testuser',
  display_name: '테스트 유저',
  profile_image_url: null,
  status_message: null,
  status: 'active',
  is_online: true,
  last_seen_at: AT,
  request_id: 7,
  from_user_id: 100,
  to_user_id: 101,
  friend_user_id: 101,
  blocked_user_id: 101,
}

const fits = (schema: object, value: unknown): boolean =>
  !('enum' in schema) || (schema.enum as unknown[]).includes(value)

/** The event's own fields. */
export function exampleFields(event: EventOfSystem): Record<string, unknown> {
  const own = Object.entries(event.schema.properties).map(([name, schema]) => [
    name,
    // A name means one thing in one event and another in the next.
    name in FIELDS && fits(schema, FIELDS[name]) ? FIELDS[name] : exampleOf(schema as unknown as Json, {}),
  ])
  return Object.fromEntries(own) as Record<string, unknown>
}

/** The whole value, in the order of the source documents: what happened first. */
export const exampleValue = (event: EventOfSystem): Record<string, unknown> => ({
  event_type: event.type,
  ...exampleFields(event),
  timestamp: AT,
  event_id: EVENT_ID,
})

export const exampleHeaders = (event: EventOfSystem): Record<string, string> => ({
  'content-type': 'application/json',
  ce_specversion: '1.0',
  ce_id: EVENT_ID,
  ce_type: event.type,
  ce_source: event.source,
  ce_time: AT,
  ce_dataschema: `${event.source}/events/${event.type}/v${event.version}`,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
})

/** Which fields make the key, e.g. `room_id`, or `from_user_id:to_user_id` for a pair (smaller id first). */
export function keyFieldsOf(event: EventOfSystem): string {
  const fields = exampleFields(event)
  return event
    .key(fields as never)
    .split(':')
    .map((part) => Object.keys(fields).find((name) => name.endsWith('_id') && String(fields[name]) === part) ?? part)
    .join(':')
}
