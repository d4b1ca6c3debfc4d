import type { AnswerReceipt, EndReceipt, FrameReceipt, Row } from '../history/types.ts'
import type { Facts, RoomLog } from './facts.ts'
import type { Violation } from './violation.ts'

/** The place a stream has reached in a room; null: not known since the stream said nothing of it yet. */
type Place = number | null | 'left'
/** What to put back when the client resumes from before it. */
type Step = { room: number; before: Place | undefined }

/** Changes: each has a place of its own, or a resume between two of them would leave one out. */
const OWN_PLACE = new Set(['message', 'message_changed', 'skip', 'read', 'room_joined', 'room_left', 'room_settings'])

/**
 * Guarantee 3: a stream brings every revision of a room in order, over connections and resumes too: nothing is left out silently. A
 * room it cannot continue is named in `resync_required`.
 */
export function checkStreams(facts: Facts): Violation[] {
  return [...facts.streams].flatMap(([client, receipts]) => {
    const pages = facts.answers.filter((answer) => answer.client === client && answer.page !== null)
    return checkStream(
      facts,
      client,
      [...receipts, ...pages].toSorted((a, b) => a.n - b.n),
    )
  })
}

function checkStream(
  facts: Facts,
  client: string,
  receipts: readonly (FrameReceipt | EndReceipt | AnswerReceipt)[],
): Violation[] {
  const violations: Violation[] = []
  const places = new Map<number, Place>()
  const begun = createBeginnings((room, first, shown) =>
    found('stream-gap', `rev ${first} of room ${room} came first, a page read before it showed ${shown}`, room, first),
  )
  /** Undone back to a token when the client resumes from there: what it received after it did not count. */
  let steps: Step[] = []
  let tokens: { token: string; steps: number; own: boolean }[] = []
  /** Rows of a replay that comes in portions: only its last frame says up to where the client is complete. */
  const portions = new Map<number, Row[]>()
  let resumed = false
  let resuming = false

  let now = 0
  const found = (kind: string, what: string, room: number, rev?: number) =>
    violations.push({ kind, what: `${client}: ${what}`, client, room, rev })
  const set = (room: number, place: Place) => {
    steps.push({ room, before: places.get(room) })
    places.set(room, place)
    if (typeof place !== 'number') begun.at(room, now)
  }
  const restart = () => {
    places.clear()
    begun.all(now)
    ;[steps, tokens] = [[], []]
  }
  const rewind = (token: string | undefined) => {
    const index = tokens.findLastIndex((one) => one.token === token)
    if (index < 0) return restart()
    for (const { room, before } of steps.splice(tokens[index]!.steps).toReversed()) {
      if (before === undefined) places.delete(room)
      else places.set(room, before)
    }
    tokens = tokens.slice(0, index + 1)
  }
  const advance = (room: number, rev: number) => {
    const place = places.get(room) ?? null
    if (place === 'left') {
      found('after-leaving', `rev ${rev} of room ${room} came after room_left`, room, rev)
      return
    }
    if (place !== null && rev > place + 1)
      found('stream-gap', `rev ${rev} of room ${room} follows ${place}; nothing said so`, room, rev)
    if (place !== null && rev <= place && !resumed)
      found('repeated', `rev ${rev} of room ${room} came again after ${place}`, room, rev)
    if (place === null) begun.first(room, rev)
    if (place === null || rev > place) set(room, rev)
  }

  for (const receipt of receipts) {
    now = receipt.n
    if (receipt.type === 'ended') continue
    if (receipt.type === 'answer') {
      begun.shown(receipt.room!, receipt.asked, receipt.page!.rev)
      continue
    }
    const { frame } = receipt
    const room = frame.room ?? 0
    switch (frame.type) {
      case 'hello':
        resumed = resuming = frame.resumed === true
        portions.clear()
        if (resumed) rewind(frame.token)
        else restart()
        break
      case 'message':
      case 'message_changed':
      case 'skip':
        advance(room, frame.rev!)
        break
      case 'changes': {
        const [from, to] = [frame.from_rev!, frame.to_rev!]
        const place = places.get(room) ?? null
        if (typeof place === 'number' && from > place)
          found('resume-gap', `the resume of room ${room} begins after ${from}, the client is at ${place}`, room, from)
        const log = facts.logs.get(room)
        const rows = [...(portions.get(room) ?? []), ...frame.rows!]
        portions.set(room, to > from ? [] : rows)
        if (log)
          for (const seq of missingSeqs(log, receipt.user, { from, to, rows, more: false }))
            found('resume-gap', `the resume of room ${room} to ${to} leaves out seq ${seq}`, room, to)
        if (typeof place !== 'number' || to > place) set(room, to)
        break
      }
      case 'heartbeat':
        for (const [id, rev] of Object.entries(frame.heads ?? {})) {
          const place = places.get(Number(id)) ?? null
          if (typeof place === 'number' && rev > place)
            found('stream-gap', `the head of room ${id} is ${rev}, the stream brought ${place}`, Number(id), rev)
          if (place === null) begun.head(Number(id), rev)
        }
        break
      case 'room_joined':
        set(room, null)
        break
      case 'room_left':
        set(room, 'left')
        break
      case 'resync_required':
        if (frame.room === null) restart()
        else set(room, null)
        break
      case 'replayed':
        resuming = false
        break
      default:
    }
    const before = tokens.at(-1)
    const isExact = facts.round.profile === 'embedded'
    if (isExact && OWN_PLACE.has(frame.type) && before?.own === true && before.token === frame.token)
      found('shared-token', `${frame.type} carries the token of the frame before it, ${frame.token}`, room, frame.rev)
    if (frame.token !== undefined && !(frame.type === 'hello' && resuming))
      tokens.push({ token: frame.token, steps: steps.length, own: OWN_PLACE.has(frame.type) })
  }
  return violations
}

/**
 * Where a stream that was not resumed begins in a room: at the latest with what follows any page that was asked for since.
 * @param gap a revision that is the first the stream has of a room, and what a page showed that was asked for after the stream began
 */
function createBeginnings(gap: (room: number, first: number, shown: number) => void) {
  type Beginning = { at: number; shown?: number; first?: number }
  let all = 0
  const rooms = new Map<number, Beginning>()
  const of = (room: number) => {
    const known = rooms.get(room) ?? { at: all }
    rooms.set(room, known)
    return known
  }
  const check = (room: number, first = Infinity, shown = Infinity) => {
    if (first > shown + 1 && first < Infinity) gap(room, first, shown)
  }
  return {
    all(n: number): void {
      all = n
      rooms.clear()
    },
    at: (room: number, n: number) => void rooms.set(room, { at: n }),
    first(room: number, rev: number): void {
      of(room).first = rev
      check(room, rev, of(room).shown)
    },
    shown(room: number, asked: number, rev: number): void {
      const beginning = of(room)
      if (asked < beginning.at) return
      beginning.shown = Math.min(rev, beginning.shown ?? Infinity)
      check(room, beginning.first, rev)
    },
    /** The stream has said nothing of the room when it says this. */
    head: (room: number, rev: number) => check(room, rev + 1, of(room).shown),
  }
}

/**
 * What a row range leaves out: each message that one of its revisions changed must be there, in a state of that revision or later.
 * @param range.more of an unfinished pull: what changed again after `to` comes with a later page
 */
export function missingSeqs(
  log: RoomLog,
  user: number,
  range: { from: number; to: number; rows: readonly { seq: number }[]; more: boolean },
): number[] {
  const there = new Set(range.rows.map(({ seq }) => seq))
  const joined = log.memberships.get(user) ?? []
  const missing = new Set<number>()
  for (let rev = range.from + 1; rev <= range.to; rev++) {
    const seq = log.changed.get(rev)
    if (seq === undefined || there.has(seq)) continue
    // Before their time, or of a time that is over (they have rejoined, or cleared the room, since).
    const visible = joined.some((time) => seq > time.join_seq && rev >= time.from_rev && rev <= time.to_rev)
    const current = joined.findLast(({ from_rev }) => from_rev <= range.to)
    if (!visible || !current || seq <= Math.max(current.join_seq, log.cleared.get(user) ?? 0)) continue
    missing.add(seq)
  }
  if (range.more) for (const [rev, seq] of log.changed) if (rev > range.to) missing.delete(seq)
  return [...missing]
}
