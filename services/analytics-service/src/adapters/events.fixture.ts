import type { EventValue } from '@bigtech/messaging'
import { isoTime } from '@bigtech/kernel'
import fc from 'fast-check'
import { CARE_MEASURES } from '../domain/care.ts'

const HOUR_MS = 3_600_000
export const EPOCH = Date.parse('2026-01-10T00:00:00Z')
/** Some time on the fifth day of the events. */
export const NOW = EPOCH + 100 * HOUR_MS

const TEXTS = ['안녕하세요', 'see you @민수 and @Emma', 'こんにちは', '你好', '😀', '', 'Привет']

type Place = Readonly<{ at: number; user: number; other: number; room: number; seq: number; pick: number }>

const make: readonly ((place: Place) => Record<string, unknown>)[] = [
  ...Array.from({ length: 5 }, () => ({ user, room, seq, pick }: Place) => ({
    event_type: 'MessageSent',
    user_id: user,
    room_id: room,
    seq,
    content: TEXTS[pick % TEXTS.length],
    message_type: ['text', 'text', 'image', 'voice', 'sticker'][pick % 5],
    file_id: pick % 5 === 2 ? 'f1' : null,
  })),
  ({ user, room, seq }) => ({
    event_type: 'MessagesRead',
    user_id: user,
    room_id: room,
    old_read_seq: 0,
    read_seq: seq,
  }),
  ({ user, room, seq }) => ({ event_type: 'MessageReactionAdded', user_id: user, room_id: room, seq }),
  ({ user }) => ({ event_type: 'UserRegistered', user_id: user }),
  ({ user }) => ({ event_type: 'UserLoggedIn', user_id: user }),
  ({ user, other }) => ({ event_type: 'FriendRequestAccepted', from_user_id: user, to_user_id: other }),
  ({ user, room, pick }) => ({
    event_type: 'ChatRoomCreated',
    room_id: room,
    created_by: user,
    room_type: pick % 2 ? 'group' : 'direct',
  }),
  ({ user }) => ({ event_type: 'UserClosed', user_id: user }),
  ({ user }) => ({ event_type: 'UserStatusChanged', user_id: user }),
  ({ at, user, pick }) => ({
    event_type: 'CareWeekCounted',
    week_start: isoTime(EPOCH + Math.floor(at / HOUR_MS) * HOUR_MS),
    measure: pick === 20 ? 'cue:of a later version' : CARE_MEASURES[pick],
    entries: 5 + pick,
    people: 5 + user,
  }),
  ({ user }) => ({ event_type: 'SomethingNew', user_id: user }),
]

const place = fc.record({
  // Near the ends of days and slots as often as anywhere.
  at: fc.oneof(
    fc.integer({ min: 0, max: 100 * HOUR_MS }),
    fc.integer({ min: 0, max: 8 }).map((half) => half * 12 * HOUR_MS),
    fc.integer({ min: 0, max: 50 }).map((n) => n * 500),
  ),
  user: fc.integer({ min: 1, max: 5 }),
  other: fc.integer({ min: 1, max: 5 }),
  room: fc.integer({ min: 1, max: 2 }),
  seq: fc.integer({ min: 1, max: 8 }),
  pick: fc.nat({ max: 20 }),
})

/** What the services might tell in four days, in the order of the places; no two messages have the same place in a room. */
export const events: fc.Arbitrary<EventValue[]> = fc
  .array(fc.tuple(fc.nat({ max: make.length - 1 }), place), { minLength: 1, maxLength: 60 })
  .map((wanted) => {
    const taken = new Set<string>()
    return wanted.flatMap(([which, where], index) => {
      const fields = make[which]!(where)
      const key = `${where.room} ${where.seq}`
      if (fields['event_type'] === 'MessageSent') {
        if (taken.has(key)) return []
        taken.add(key)
      }
      const event_id = index % 3 === 0 ? `${index}-7-1` : `0198c2aa-5b7c-7cc0-9a67-${String(index).padStart(12, '0')}`
      return [{ ...fields, event_id, event_type: String(fields['event_type']), timestamp: isoTime(EPOCH + where.at) }]
    })
  })

/** Deliveries of these events: each once at least, some again, in any order, in batches. */
export const deliveriesOf = (some: readonly EventValue[]): fc.Arbitrary<EventValue[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...some], { minLength: some.length, maxLength: some.length }),
      fc.array(fc.nat({ max: Math.max(0, some.length - 1) }), { maxLength: some.length }),
      fc.integer({ min: 1, max: 20 }),
    )
    .map(([order, repeats, size]) => {
      const all = [...order]
      for (const [index, repeat] of repeats.entries())
        if (some[repeat]) all.splice((index * 7) % (all.length + 1), 0, some[repeat])
      return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))
    })

/** The messages from a number on, some minutes apart, so that there are days to seal; the same each time. */
export const killedEvents = (from: number, count: number): EventValue[] =>
  Array.from({ length: count }, (_, index) => {
    const n = from + index
    return {
      event_id: `killed-${n}`,
      event_type: 'MessageSent',
      timestamp: isoTime(EPOCH + n * 300_000),
      user_id: 1 + (n % 3),
      room_id: 1,
      seq: n + 1,
      content: '안녕',
      message_type: 'text',
      file_id: null,
    }
  })
