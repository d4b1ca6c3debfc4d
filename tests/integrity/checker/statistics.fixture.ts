import type { Statistics } from '../history/effects.ts'
import type { EventFact } from '../history/types.ts'

const RANGE = { from: '2026-01-02T00:00:00.000Z', to: '2026-01-03T00:00:00.000Z' }
const HOUR_MS = 3_600_000

let offset = 0
const event = (time: string, type: string, fields: Record<string, unknown>): EventFact => {
  const timestamp = `2026-01-02T${time}:00.000Z`
  const place = { topic: 'any.events', partition: 0, offset: offset++, key: '' }
  return { ...place, id: `e${offset}`, type, fields: { timestamp, ...fields } }
}
const sent = (time: string, user_id: number, content: string): EventFact =>
  event(time, 'MessageSent', { room_id: 7, user_id, content, message_type: 'text', file_id: null })

const hours = <T extends object>(make: (hour: number) => T) =>
  Array.from({ length: 24 }, (_, hour) => {
    return { start: new Date(Date.parse(RANGE.from) + hour * HOUR_MS).toISOString(), ...make(hour) }
  })

/** Two people who sign up, become friends and write three messages, one of which was taken back, in two hours; and what is to be said of it. */
export function goodCount(): { events: EventFact[]; told: Statistics } {
  const figures = {
    messages: 3,
    active_people: 2,
    daily_active: 2,
    weekly_active: 2,
    monthly_active: 2,
    new_accounts: 2,
    closed_accounts: 0,
    sign_ins: 1,
    active_rooms: 1,
    new_rooms: 1,
  }
  const nothing = Object.fromEntries(Object.keys(figures).map((figure) => [figure, 0]))
  const at = (hour: number, first: number, second = 0) => (hour === 10 ? first : hour === 11 ? second : 0)
  return {
    events: [
      event('10:00', 'UserRegistered', { user_id: 1 }),
      event('10:01', 'UserRegistered', { user_id: 2 }),
      event('10:02', 'UserLoggedIn', { user_id: 1 }),
      event('10:03', 'FriendRequestSent', { from_user_id: 1, to_user_id: 2 }),
      event('10:04', 'FriendRequestAccepted', { from_user_id: 1, to_user_id: 2 }),
      event('10:05', 'ChatRoomCreated', { room_id: 7, room_type: 'direct', created_by: 1 }),
      sent('10:06', 1, '안녕'),
      sent('10:07', 2, 'storm 폭풍'),
      // Its text was taken back.
      sent('11:00', 1, ''),
      event('11:01', 'MessageDeleted', { room_id: 7, user_id: 1 }),
      event('11:02', 'UserOnlineStatusChanged', { user_id: 3, is_online: false }),
    ],
    told: {
      overview: {
        ...RANGE,
        range: figures,
        before: { from: '2026-01-01T00:00:00.000Z', to: RANGE.from, figures: nothing },
      },
      messages: {
        ...RANGE,
        items: hours((hour) => ({
          messages: at(hour, 2, 1),
          text: at(hour, 2, 1),
          image: 0,
          file: 0,
          voice: 0,
          with_file: 0,
          characters: at(hour, 10, 4),
          edited: 0,
          deleted: at(hour, 0, 1),
          reactions: 0,
        })),
        by_language: { ko: 2, latin: 1 },
        by_hour: Array.from({ length: 24 }, (_, hour) => at(hour, 2, 1)),
      },
      users: {
        ...RANGE,
        items: [{ start: RANGE.from, active: 2, writers: 2, new_accounts: 2, closed_accounts: 0, sign_ins: 1 }],
        funnel: { registered: 2, signed_in: 1, befriended: 2, wrote: 2 },
      },
      rooms: {
        ...RANGE,
        items: hours((hour) => ({ active: at(hour, 1, 1), new_direct: at(hour, 1), new_group: 0, joined: 0 })),
        top: [{ room_id: 7, messages: 3 }],
      },
    },
  }
}

type Count = ReturnType<typeof goodCount>

export const BAD_COUNTS: readonly [what: string, kind: string, spoil: (count: Count) => unknown][] = [
  ['a message was not counted', 'effect-missing', ({ events }) => events.push(sent('10:08', 1, '하나 더'))],
  ['a message was counted twice', 'effect-twice', ({ events }) => void events.splice(6, 1)],
  [
    'somebody is active who did nothing',
    'effect-twice',
    ({ told }) => (told.users.items = [{ ...told.users.items[0]!, active: 3 }]),
  ],
  [
    'a fact is in the hour before',
    'effect-twice',
    ({ told }) => (told.messages.items[9] = { ...told.messages.items[9]!, edited: 1 }),
  ],
  ['a room has messages of another', 'effect-twice', ({ told }) => (told.rooms.top[0]!.messages = 4)],
  [
    'a text is of the wrong language',
    'effect-missing',
    ({ told }) => (told.messages.by_language = { ko: 3, latin: 0 }),
  ],
  [
    'letters are missing',
    'effect-missing',
    ({ told }) => (told.messages.items[10] = { ...told.messages.items[10]!, characters: 1 }),
  ],
  [
    'a figure is missing',
    'effect-missing',
    ({ told }) => (told.users.funnel = { registered: 2, signed_in: 1, befriended: 2 }),
  ],
]
