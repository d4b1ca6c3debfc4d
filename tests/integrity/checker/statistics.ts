import type { Counted, Figures, Range, Statistics } from '../history/effects.ts'
import type { EventFact } from '../history/types.ts'
import type { Violation } from './violation.ts'

type Fact = { at: number; type: string; fields: EventFact['fields'] }
/** One for the whole run: statistics are of all of it. */
export type Recount = ReturnType<typeof createRecount>

type Within = (types: string | readonly string[]) => Fact[]

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Who does something with their own hands in an event: the field that names them. */
const DOES: Readonly<Record<string, string>> = {
  MessageSent: 'user_id',
  MessageEdited: 'user_id',
  MessageDeleted: 'user_id',
  MessageReactionAdded: 'user_id',
  MessageReactionRemoved: 'user_id',
  MessagePinned: 'user_id',
  MessageUnpinned: 'user_id',
  MessagesRead: 'user_id',
  UserRegistered: 'user_id',
  UserLoggedIn: 'user_id',
  UserLoggedOut: 'user_id',
  UserProfileUpdated: 'user_id',
  UserPasswordChanged: 'user_id',
  UserOnlineStatusChanged: 'user_id',
  FriendRequestSent: 'from_user_id',
  FriendRequestAccepted: 'to_user_id',
  UserBlocked: 'user_id',
  ChatRoomCreated: 'created_by',
  RoomMembersJoined: 'user_id',
}

const idsOf = (facts: readonly Fact[], field: string): Set<number> =>
  new Set(facts.map(({ fields }) => fields[field] as number))

function activeOf(facts: readonly Fact[]): Set<number> {
  const doing = facts.filter(({ type, fields }) => type !== 'UserOnlineStatusChanged' || fields['is_online'] === true)
  return new Set(doing.flatMap(({ type, fields }) => (DOES[type] ? [fields[DOES[type]] as number] : [])))
}

/**
 * Counts everything the topics told since the server was new, each event once, and compares what analytics-service says with that. Nothing of that service
 * is used. Of a text that was taken back the topic has nothing any more, so what depends on texts has only a least number.
 */
export function createRecount() {
  const known = new Set<string>()
  const all: Fact[] = []

  const within = (start: number, end: number) => {
    const some = all.filter(({ at }) => at >= start && at < end)
    const of: Within = (types) => some.filter(({ type }) => types === type || types.includes(type))
    return { some, of }
  }

  function figuresOf({ from, to }: Range): Figures {
    const [start, end] = [Date.parse(from), Date.parse(to)]
    const { some, of } = within(start, end)
    const days = Array.from({ length: (end - start) / DAY_MS }, (_, i) => start + i * DAY_MS)
    const daily = days.map((day) => activeOf(within(day, day + DAY_MS).some).size)
    return {
      messages: of('MessageSent').length,
      active_people: activeOf(some).size,
      daily_active: daily.reduce((sum, n) => sum + n, 0) / days.length,
      weekly_active: activeOf(within(end - 7 * DAY_MS, end).some).size,
      monthly_active: activeOf(within(end - 30 * DAY_MS, end).some).size,
      new_accounts: of('UserRegistered').length,
      closed_accounts: of('UserClosed').length,
      sign_ins: of('UserLoggedIn').length,
      active_rooms: idsOf(of('MessageSent'), 'room_id').size,
      new_rooms: of('ChatRoomCreated').length,
    }
  }

  return {
    /** Repeats and all. */
    take(events: readonly EventFact[]): void {
      for (const { topic, id, type, fields } of events) {
        if (known.has(`${topic}/${id}`) || topic.endsWith('.dlq')) continue
        known.add(`${topic}/${id}`)
        all.push({ at: Date.parse(fields['timestamp'] as string), type, fields })
      }
    },

    compare({ overview, messages, users, rooms }: Statistics): Violation[] {
      const violations: Violation[] = []
      const differ = (name: string, told: unknown, counted: number, atLeast = false) => {
        if (told === counted || (atLeast && Number(told) >= counted)) return
        const kind = Number(told) > counted ? 'effect-twice' : 'effect-missing'
        violations.push({ kind, what: `statistics: ${name} is ${String(told)}, a recount of the events ${counted}` })
      }
      const differs = (name: string, told: Readonly<Record<string, unknown>>, counted: Figures) => {
        for (const [figure, n] of Object.entries(counted)) differ(`${name} ${figure}`, told[figure], n)
      }
      const eachOf = (name: string, { items, to }: Range & { items: readonly Counted[] }, count: Count) => {
        for (const [i, item] of items.entries()) {
          const [start, end] = [Date.parse(item.start), Date.parse(items[i + 1]?.start ?? to)]
          differs(`${name} from ${item.start}`, item, count(within(start, end)))
        }
      }
      differs('overview', overview.range, figuresOf(overview))
      differs('overview before', overview.before.figures, figuresOf(overview.before))

      eachOf('messages', messages, ({ of }) => countedMessages(of))
      const { of: ofMessages } = within(Date.parse(messages.from), Date.parse(messages.to))
      const sent = ofMessages('MessageSent')
      const texts = sent.map(({ fields }) => (fields['content'] as string | undefined) ?? '')
      const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0)
      const written = sumOf(messages.items.map((item) => Number(item['characters'])))
      differ('characters', written, sumOf(texts.map((text) => [...text].length)), true)
      const languages = Map.groupBy(texts, languageOf)
      for (const language of ['ko', 'latin'])
        differ(
          `messages in ${language}`,
          messages.by_language[language] ?? 0,
          languages.get(language)?.length ?? 0,
          true,
        )
      differ('messages of all languages', sumOf(Object.values(messages.by_language)), sent.length)
      for (const [hour, n] of messages.by_hour.entries())
        differ(`messages at ${hour} o'clock`, n, sent.filter(({ at }) => Math.floor(at / HOUR_MS) % 24 === hour).length)

      eachOf('users', users, ({ some, of }) => ({
        active: activeOf(some).size,
        writers: idsOf(of('MessageSent'), 'user_id').size,
        new_accounts: of('UserRegistered').length,
        closed_accounts: of('UserClosed').length,
        sign_ins: of('UserLoggedIn').length,
      }))
      differs('funnel', users.funnel, countedFunnel(within(Date.parse(users.from), Date.parse(users.to)).of))

      eachOf('rooms', rooms, ({ of }) => countedRooms(of))
      const { of: ofRooms } = within(Date.parse(rooms.from), Date.parse(rooms.to))
      const perRoom = Map.groupBy(ofRooms('MessageSent'), ({ fields }) => fields['room_id'] as number)
      const busiest = [...perRoom.values()].map(({ length }) => length).toSorted((a, b) => b - a)
      differ('busiest rooms', rooms.top.length, Math.min(busiest.length, TOP))
      for (const [i, { room_id, messages: n }] of rooms.top.entries()) {
        differ(`messages of room ${room_id}`, n, perRoom.get(room_id)?.length ?? 0)
        differ(`place ${i + 1} of the busiest rooms`, n, busiest[i] ?? 0)
      }
      return violations
    },
  }
}

type Count = (time: { some: readonly Fact[]; of: Within }) => Figures

/** Of those that clients write in: which most letters of the beginning are of. */
function languageOf(text: string): string {
  const letters = (script: RegExp) => text.slice(0, 400).match(script)?.length ?? 0
  const [hangul, latin] = [letters(/\p{Script=Hangul}/gu), letters(/\p{Script=Latin}/gu)]
  if (hangul + latin === 0) return 'none'
  return hangul >= latin ? 'ko' : 'latin'
}

/** How many rooms the answer names. */
const TOP = 20

function countedMessages(of: Within): Figures {
  const sent = of('MessageSent')
  const ofType = (type: string) => sent.filter(({ fields }) => fields['message_type'] === type).length
  return {
    messages: sent.length,
    text: ofType('text'),
    image: ofType('image'),
    file: ofType('file'),
    voice: ofType('voice'),
    with_file: sent.filter(({ fields }) => (fields['file_id'] ?? null) !== null).length,
    edited: of('MessageEdited').length,
    deleted: of('MessageDeleted').length,
    reactions: of('MessageReactionAdded').length,
  }
}

function countedFunnel(of: Within): Figures {
  const made = idsOf(of('UserRegistered'), 'user_id')
  const accepted = of('FriendRequestAccepted')
  const also = (ids: ReadonlySet<number>) => [...made].filter((id) => ids.has(id)).length
  return {
    registered: made.size,
    signed_in: also(idsOf(of('UserLoggedIn'), 'user_id')),
    befriended: also(new Set([...idsOf(accepted, 'from_user_id'), ...idsOf(accepted, 'to_user_id')])),
    wrote: also(idsOf(of('MessageSent'), 'user_id')),
  }
}

function countedRooms(of: Within): Figures {
  const made = of('ChatRoomCreated')
  const groups = made.filter(({ fields }) => fields['room_type'] === 'group').length
  return {
    active: idsOf(of('MessageSent'), 'room_id').size,
    new_direct: made.length - groups,
    new_group: groups,
    joined: of('RoomMembersJoined').length,
  }
}
