import { setImmediate as immediate } from 'node:timers/promises'
import { createSemaphore, type Clock } from '@bigtech/kernel'
import { withKeptTrace, type Logger } from '@bigtech/telemetry'
import { decidePush } from '../../domain/decide-push.ts'
import { encode, messageWords, roomTag, type Payload } from '../../domain/payload.ts'
import type { Language } from '../../domain/text.ts'
import type {
  DueRoom,
  NoteStore,
  PeopleStore,
  PushStore,
  Rooms,
  SettingsStore,
  SubscriptionStore,
} from '../../ports.ts'

export type TellPorts = {
  pushes: PushStore
  notes: NoteStore
  people: PeopleStore
  settings: SettingsStore
  subscriptions: SubscriptionStore
  rooms: Rooms
  clock: Clock
  logger: Logger
  wake(): void
}

const ROOMS_AT_ONCE = 64
const ASKED_AT_ONCE = 4
/** Another process takes a room over from one that died. */
const CLAIM_MS = 30_000
/** What comes while a room is told of is told of so much later: a busy room is one push in this time. */
const PAUSE_MS = 2_000
/** Then what else this thread has to do comes first: messages do not wait for a room of thousands. */
const MEMBERS_AT_ONCE = 50
const MESSAGE_LIFE_MS = 24 * 3_600_000

/**
 * Decides, a moment after messages came, which members of their rooms are told: by what chat-service says of the room at that moment, so nothing
 * of a room is kept here that could be out of date.
 * @returns rooms that were looked at
 */
export async function tellRooms(ports: TellPorts): Promise<number> {
  const { pushes, subscriptions, clock, logger } = ports
  const now = clock.now()
  const rooms = await pushes.takeRooms({ now, until: now + CLAIM_MS, limit: ROOMS_AT_ONCE })
  if (rooms.length === 0) return 0
  const isAny = await subscriptions.isAny()
  const turns = createSemaphore(ASKED_AT_ONCE)
  const quiet: { room_id: number; up_to: number }[] = []
  await Promise.all(
    rooms.map(async (room) => {
      try {
        const tell = () => withKeptTrace(room.trace, 'notification-service tell room', () => tellRoom(ports, room))
        const up_to = isAny ? await turns.run(tell) : room.last_seq
        if (up_to !== undefined) quiet.push({ room_id: room.room_id, up_to })
      } catch (error) {
        // Its claim ends, and it is tried again.
        logger.warn({ err: error, room_id: room.room_id }, 'who is told of new messages was not decided')
      }
    }),
  )
  if (quiet.length > 0) await pushes.nothingToTell(quiet, clock.now() + PAUSE_MS)
  if (quiet.length < rooms.length) ports.wake()
  return rooms.length
}

/** @returns up to where there was nothing to tell; undefined when there was, and it is kept with what is told */
async function tellRoom(ports: TellPorts, due: DueRoom): Promise<number | undefined> {
  const { pushes, notes, people, clock } = ports
  const audience = await ports.rooms.audience(due.room_id, due.after_seq)
  if (!audience) return Number.MAX_SAFE_INTEGER
  const { room, messages, members } = audience
  const away = members.filter(({ read_seq, focused }) => !focused && read_seq < room.last_seq)
  const told = await ports.subscriptions.subscribers(away.map(({ user_id }) => user_id))
  const upTo = Math.max(room.last_seq, due.after_seq)
  if (told.size === 0) return upTo
  const users = [...told]
  const settings = await ports.settings.of(users)
  const blocks = await people.blocks(users)
  const known = await pushes.toldOf(room.id, users)
  const names = await people.people(messages.map(({ user_id }) => user_id))
  const now = clock.now()
  const unread = await notes.unreadOf(users, now)
  const tag = roomTag(room.id)
  const none: ReadonlySet<number> = new Set()

  const tell: Parameters<PushStore['told']>[0]['tell'][number][] = []
  /** In a large room most are told the same. */
  const written = new Map<string, Readonly<Record<Language, string>>>()
  for (const [i, member] of away.entries()) {
    if (i % MEMBERS_AT_ONCE === MEMBERS_AT_ONCE - 1) await immediate()
    const { user_id } = member
    if (!told.has(user_id)) continue
    const of = settings.get(user_id)!
    const push = decidePush(messages, member, {
      settings: of,
      told: known.get(user_id) ?? 0,
      blocked: blocks.get(user_id) ?? none,
      now,
    })
    if (!push) continue
    const { seq } = push.message
    const common = {
      tag,
      kind: push.kind,
      link: `/rooms/${room.id}?at=${seq}`,
      silent: !of.sound,
      unread: unread.get(user_id)!,
      at: now,
    }
    const name = names.get(push.message.user_id)?.display_name ?? ''
    const inLanguage = (language: Language): string => {
      const words = messageWords(push, room, { name, language, showText: of.show_text })
      return encode({ ...common, ...words } satisfies Payload)
    }
    const same = [seq, push.kind, push.count, common.silent, common.unread, of.show_text].join()
    const payloads = written.get(same) ?? { ko: inLanguage('ko'), en: inLanguage('en') }
    written.set(same, payloads)
    tell.push({ user_id, seq, payloads })
  }
  if (tell.length === 0) return upTo
  await pushes.told({ room: due, upTo, dueAt: now + PAUSE_MS, now, tell, tag, expiresAt: now + MESSAGE_LIFE_MS })
  return undefined
}
