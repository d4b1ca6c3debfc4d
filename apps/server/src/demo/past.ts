import type { FactEvent } from '@bigtech/analytics-service'
import { isoTime } from '@bigtech/kernel'

/**
 * A month before the demo world, for the statistics alone: made-up people who sign up, find friends, talk and read. It is told to nobody but
 * analytics-service, so no one finds them as accounts.
 */
const DAY_MS = 86_400_000
const DAYS = 30
const PEOPLE = 60
const [FIRST_PERSON, FIRST_ROOM] = [1_000_000_001, 1_000_000_001]

/** @param now the days are those before the one it is in */
export function pastOf(now: number): FactEvent[] {
  const random = createRandom(20_260_127)
  const pick = (count: number) => Math.floor(random() * count)
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const told: FactEvent[] = []
  const tell = (at: number, event_type: string, fields: object) =>
    told.push({ event_id: `demo-past-${told.length}`, event_type, timestamp: isoTime(at), ...fields })

  const joined = Array.from({ length: PEOPLE }, (_, person) => Math.floor((person / PEOPLE) ** 1.3 * DAYS))
  const lastSeq = new Map<number, number>()
  for (let day = 0; day < DAYS; day++) {
    const start = today - (DAYS - day) * DAY_MS
    const here = joined.flatMap((first, person) => (first <= day ? [FIRST_PERSON + person] : []))
    for (const [person, first] of joined.entries()) {
      if (first !== day) continue
      const user_id = FIRST_PERSON + person
      const at = start + pick(DAY_MS / 2)
      tell(at, 'UserRegistered', { user_id })
      tell(at + 5_000, 'UserLoggedIn', { user_id })
      if (random() < 0.8)
        tell(at + 600_000, 'FriendRequestAccepted', {
          from_user_id: FIRST_PERSON + pick(PEOPLE),
          to_user_id: user_id,
        })
    }
    const isWeekend = new Date(start).getUTCDay() % 6 === 0
    const conversations = Math.round(here.length * (isWeekend ? 0.9 : 0.6))
    for (let n = 0; n < conversations; n++) {
      const [a, b] = [here[pick(here.length)]!, here[pick(here.length)]!]
      const room_id = FIRST_ROOM + Math.min(a, b) - FIRST_PERSON + PEOPLE * (Math.max(a, b) - FIRST_PERSON)
      // Mornings and evenings of Seoul, 9 hours ahead.
      let at = start + (random() < 0.4 ? 0 : 10) * 3_600_000 + pick(4 * 3_600_000)
      for (let turn = 0; turn < 3 + pick(9); turn++) {
        const seq = (lastSeq.get(room_id) ?? 0) + 1
        lastSeq.set(room_id, seq)
        const [user_id, other] = turn % 2 === 0 ? [a, b] : [b, a]
        const message_type = ['text', 'text', 'text', 'text', 'image', 'text', 'text', 'voice'][pick(8)]!
        const content =
          message_type === 'text' ? ['내일 봐요', '좋아요!', 'See you', '네 알겠습니다', '😀'][pick(5)]! : ''
        const file_id = message_type === 'text' ? null : 'demo'
        tell(at, 'MessageSent', { user_id, room_id, seq, message_type, content, file_id })
        tell(at + 2_000 + pick(40_000), 'MessagesRead', {
          user_id: other,
          room_id,
          old_read_seq: seq - 1,
          read_seq: seq,
        })
        at += 5_000 + pick(240_000)
      }
    }
  }
  return told
}

/** The same month each time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
