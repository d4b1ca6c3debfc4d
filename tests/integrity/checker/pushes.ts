import type { Device, Inbox, NoteFact, PushFact } from '../history/effects.ts'
import type { Row } from '../history/types.ts'
import { isMember, type Facts, type Membership, type RoomLog } from './facts.ts'
import { foldNotes, certainPlaces, groupOf, type Dues } from './inbox.ts'
import type { Violation } from './violation.ts'

/** Whom a message calls, as its event says. */
type Call = { mentions: readonly number[]; repliesTo: number | null }

/** What is known of a round to judge what devices were told in it. */
type Known = {
  facts: Facts
  calls: ReadonlyMap<string, Call>
  certain: ReadonlySet<string>
  /** `user/other`: whom people have blocked in the end, and at any time. */
  blocked: ReadonlySet<string>
  everBlocked: ReadonlySet<string>
  /** What was told before the last backup was put back is of a past that is no more. */
  since: number
}

/**
 * Guarantee 4, the devices: who is away is told of the latest message of each room that they want to hear of, what they read is taken off, each note
 * of the list has been told, and nothing is told that nobody should be told of. Whether anything is told twice is seen over the whole run (tellings.ts).
 */
export function checkPushes(facts: Facts): Violation[] {
  const { told, inboxes } = facts.round.calm
  if (!told) return []
  const known = know(facts)
  const { dues } = foldNotes(facts)
  const pushes = Map.groupBy(told.pushes, ({ device }) => device)
  return told.devices.flatMap((device) => {
    const own = pushes.get(device.name) ?? []
    const inbox = inboxes?.find(({ user }) => user === device.user)
    const late = told.goneFrom?.user === device.user ? own.filter(({ n }) => n > told.goneFrom!.n) : []
    return [
      ...late.map((push) => found(device, 'not-for-them', `of ${textOf(push)}, whose account is closed`, push)),
      ...own.filter(({ n }) => n > known.since).flatMap((push) => checkPush(known, device, push)),
      ...[...facts.logs.values()].flatMap((log) => checkRoom(known, device, log, own)),
      ...checkNotes(known, device, inbox, { pushes: own, dues: dues.get(device.user) ?? new Map() }),
    ]
  })
}

const textOf = ({ kind, tag, seq }: PushFact): string => `a ${kind} (${tag}${seq === null ? '' : `, message ${seq}`})`

const found = (
  { name, user }: Device,
  kind: string,
  what: string,
  place?: { room: number | null; seq: number | null },
): Violation => ({
  kind,
  what: `device ${name} of user ${user} ${kind === 'effect-missing' ? 'was not told' : 'was told'} ${what}`,
  user,
  room: place?.room ?? undefined,
  seq: place?.seq ?? undefined,
})

function know(facts: Facts): Known {
  const { round } = facts
  const calls = new Map<string, Call>()
  const everBlocked = new Set<string>()
  for (const { type, fields } of round.events) {
    if (type === 'MessageSent')
      calls.set(`${String(fields['room_id'])}/${String(fields['seq'])}`, {
        mentions: (fields['mentions'] ?? []) as number[],
        repliesTo: (fields['reply_to_user_id'] ?? null) as number | null,
      })
    if (type === 'UserBlocked') everBlocked.add(`${String(fields['user_id'])}/${String(fields['blocked_user_id'])}`)
  }
  const restores = round.entries.flatMap((entry) =>
    entry.type === 'fault' && entry.fault === 'restore' && entry.phase === 'end' ? [entry.n] : [],
  )
  return {
    facts,
    calls,
    certain: certainPlaces(facts),
    blocked: new Set(round.calm.blocks.map(({ user, other }) => `${user}/${other}`)),
    everBlocked,
    since: Math.max(0, ...restores),
  }
}

/** Of what a message is told somebody. */
function kindOf({ calls }: Known, { room, seq }: Row, user: number): string {
  const { mentions = [], repliesTo = null } = calls.get(`${room}/${seq}`) ?? {}
  if (mentions.includes(user)) return 'mention'
  return repliesTo === user ? 'reply' : 'message'
}

const timesOf = (log: RoomLog, user: number): readonly Membership[] => log.memberships.get(user) ?? []

/** What somebody wants to be told of a room, when it is the same since there were messages in it: who comes back begins anew. */
function wishOf({ facts }: Known, log: RoomLog, user: number): string | undefined {
  const view = facts.round.views.find((one) => one.user === user && one.room === log.setup.id)
  return timesOf(log, user).length === 1 ? view?.fact?.notify : undefined
}

/** Whether this may be told this device at all. */
function checkPush(known: Known, device: Device, push: PushFact): Violation[] {
  const { kind, room, seq } = push
  const { user } = device
  const wrong = (why: string, what = 'effect-of-nothing') => [found(device, what, `of ${textOf(push)}, ${why}`, push)]
  if (kind === 'close') return []
  if (device.refused.includes(kind)) return wrong('which they refuse to be told of')
  if (room === null) return []
  const log = known.facts.logs.get(room)
  const row = log?.rows.find((one) => one.seq === seq)
  if (!log || !row) return wrong('which is not there')
  if (row.user === user) return wrong('which is their own')
  if (!timesOf(log, user).some((time) => row.seq > time.join_seq && row.seq <= time.to_seq))
    return wrong('which is not for them', 'not-for-them')
  const isSure = known.certain.has(`${room}/${seq}`)
  if (isSure && known.blocked.has(`${user}/${row.user}`)) return wrong('by somebody they have blocked')
  const isAsSent = !row.edited && !row.deleted
  if (isAsSent && kind !== kindOf(known, row, user)) return wrong(`which is a ${kindOf(known, row, user)}`)
  const wish = wishOf(known, log, user)
  if (wish === 'none' || (wish === 'mentions' && kind === 'message')) return wrong(`of a room they want ${wish} of`)
  return []
}

/** What a device shows of a room in the end. */
function checkRoom(known: Known, device: Device, log: RoomLog, all: readonly PushFact[]): Violation[] {
  const { user, refused } = device
  const { id: room } = log.setup
  const view = known.facts.round.views.find((one) => one.user === user && one.room === room)
  if (!view?.fact || !isMember(log, user)) return []
  const { read_seq, join_seq, notify } = view.fact
  const pushes = all.filter(({ tag }) => tag === `room:${room}`)
  const last = pushes.at(-1)
  const unread = view.rows.filter(
    (row) => row.seq > Math.max(read_seq, join_seq) && row.user !== user && row.kind !== 'system' && !row.deleted,
  )
  const wanted = unread.filter((row) => {
    if (notify === 'none' || known.blocked.has(`${user}/${row.user}`)) return false
    const kind = kindOf(known, row, user)
    if (kind !== 'message' && !refused.includes(kind)) return true
    return notify === 'all' && !refused.includes('message')
  })
  const latest = wanted.at(-1)
  if (latest) {
    // Whether a block or an edit came before it was decided who is told is not known.
    const isSure = known.certain.has(`${room}/${latest.seq}`) || isPlain(known, latest, user)
    if (!isSure) return []
    const place = { room, seq: latest.seq }
    if (!pushes.some(({ kind, seq }) => kind !== 'close' && seq! >= latest.seq))
      return [found(device, 'effect-missing', `of message ${latest.seq} in room ${room}`, place)]
    if (last!.kind === 'close')
      return [found(device, 'effect-missing', `to go on showing message ${latest.seq} in room ${room}`, place)]
    return []
  }
  const isWhole = timesOf(log, user).length === 1 && join_seq === 0
  if (isWhole && last && last.kind !== 'close' && last.n > known.since && last.seq! <= read_seq)
    return [found(device, 'effect-missing', `to take message ${last.seq} of room ${room} off, which was read`, last)]
  return []
}

const isPlain = ({ everBlocked }: Known, row: Row, user: number): boolean =>
  !row.edited && !everBlocked.has(`${user}/${row.user}`)

/** What is in the list has been told, as it is there, and no more often than something happened. */
function checkNotes(
  known: Known,
  device: Device,
  inbox: Inbox | undefined,
  { pushes, dues }: { pushes: readonly PushFact[]; dues: Dues },
): Violation[] {
  if (!inbox) return []
  const told = Map.groupBy(
    pushes.filter(({ tag }) => tag.startsWith('note:')),
    ({ tag }) => tag,
  )
  const listed = new Map(inbox.notes.map((note) => [`note:${note.id}`, note]))
  const kinds = new Set([...dues.keys()].map((group) => group.split(' ')[0]!))
  const nameOf = ({ id, kind }: NoteFact) => `note ${id} (${kind})`
  const violations = inbox.notes.flatMap((note): Violation[] => {
    const isDue = !note.read && !WITH_THEIR_ROOM.has(note.kind) && !device.refused.includes(note.kind)
    if (!isDue || told.get(`note:${note.id}`)?.some(({ at }) => at === note.at)) return []
    return [found(device, 'effect-missing', `of ${nameOf(note)}`, note)]
  })
  for (const [tag, those] of told) {
    const note = listed.get(tag)
    const last = those.at(-1)!
    // What was read or taken back is over: what comes afterwards of its kind is a note of its own.
    if (note && !note.read && last.kind === 'close' && last.n > known.since)
      violations.push(found(device, 'effect-missing', `to go on showing ${nameOf(note)}, which is unread`, note))
    const fresh = those.filter(({ n, kind }) => n > known.since && kind !== 'close')
    if (fresh.length === 0) continue
    const [{ kind }] = fresh as [PushFact]
    if (note ? note.kind !== kind : !kinds.has(kind))
      violations.push(found(device, 'effect-of-nothing', `of a ${kind} (${tag}), which nothing tells`))
    const most = note && dues.get(groupOf(note))?.told
    const times = new Set(fresh.map(({ at }) => at)).size
    if (most !== undefined && times > most)
      violations.push(found(device, 'effect-twice', `${times} times of ${nameOf(note!)}, of ${most}`, note))
  }
  return violations
}

const WITH_THEIR_ROOM = new Set(['mention', 'reply'])
