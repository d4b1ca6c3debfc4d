import type {
  AnswerReceipt,
  EndReceipt,
  EventFact,
  FrameReceipt,
  Op,
  RoomSetup,
  Round,
  Row,
  View,
} from '../history/types.ts'

/** A time somebody was a member: they may see messages after `join_seq` in states up to `to_rev`. */
export type Membership = { join_seq: number; from_rev: number; to_seq: number; to_rev: number }

export type RoomLog = {
  setup: RoomSetup
  /** The whole log, as its reader reads it. */
  rows: readonly Row[]
  rev: number
  memberships: ReadonlyMap<number, readonly Membership[]>
  /** `message.events` of the room in order, repeats left out. */
  events: readonly EventFact[]
  /** Where the history of somebody who cleared a direct room begins now. */
  cleared: ReadonlyMap<number, number>
  /** Which message each revision changed, as the events and the system messages say. */
  changed: ReadonlyMap<number, number>
}

/** A round, sorted by what the checks look at. */
export type Facts = {
  round: Round
  ops: readonly Op[]
  answers: readonly AnswerReceipt[]
  /** What each client's streams brought, in order. */
  streams: ReadonlyMap<string, readonly (FrameReceipt | EndReceipt)[]>
  logs: ReadonlyMap<number, RoomLog>
}

export function factsOf(round: Round): Facts {
  const ops: Op[] = []
  const answers: AnswerReceipt[] = []
  const streams = new Map<string, (FrameReceipt | EndReceipt)[]>()
  for (const entry of round.entries) {
    if (entry.type === 'op') ops.push(entry)
    else if (entry.type === 'answer') answers.push(entry)
    else if (entry.type !== 'fault') {
      const stream = streams.get(entry.client)
      if (stream) stream.push(entry)
      else streams.set(entry.client, [entry])
    }
  }
  const logs = new Map(round.rooms.map((setup) => [setup.id, logOf(setup, round)]))
  return { round, ops: ops.toSorted((a, b) => a.n - b.n), answers, streams, logs }
}

function logOf(setup: RoomSetup, round: Round): RoomLog {
  const view = round.views.find(({ room, user }) => room === setup.id && user === setup.reader)
  const rows = view?.rows ?? []
  const events = firstOccurrences(
    round.events.filter(({ topic, fields }) => topic === 'message.events' && fields['room_id'] === setup.id),
  )
  const changed = new Map<number, number>()
  for (const { kind, rev, seq } of rows) if (kind === 'system') changed.set(rev, seq)
  for (const { fields } of events)
    if (typeof fields['rev'] === 'number') changed.set(fields['rev'], fields['seq'] as number)
  const own = round.views.filter(({ room, fact }) => room === setup.id && fact?.type === 'direct')
  const cleared = new Map(own.map(({ user, fact }) => [user, fact!.join_seq]))
  return { setup, rows, rev: view?.fact?.rev ?? 0, memberships: membershipsOf(setup, rows), cleared, events, changed }
}

/** An event may be there again; the first time counts. */
export function firstOccurrences(events: readonly EventFact[]): EventFact[] {
  const seen = new Set<string>()
  return events
    .toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
    .filter(({ topic, id }) => !seen.has(`${topic}/${id}`) && seen.add(`${topic}/${id}`))
}

/** From the system messages: who was a member when. */
export function membershipsOf(setup: RoomSetup, rows: readonly Row[]): Map<number, Membership[]> {
  const all = new Map<number, Membership[]>()
  const open = (user: number, join_seq: number, from_rev: number) => {
    const times = all.get(user) ?? []
    all.set(user, [...times, { join_seq, from_rev, to_seq: Infinity, to_rev: Infinity }])
  }
  if (setup.type === 'direct') for (const user of setup.members) open(user, 0, 0)
  for (const { seq, rev, system } of rows) {
    if (system?.kind === 'room_created') for (const user of system.user_ids) open(user, 0, rev)
    if (system?.kind === 'member_joined') for (const user of system.user_ids) open(user, seq - 1, rev)
    if (system?.kind === 'member_left')
      for (const user of system.user_ids) {
        const last = all.get(user)?.at(-1)
        if (last) [last.to_seq, last.to_rev] = [seq, rev]
      }
  }
  return all
}

/** Whether this state of a message was ever for these eyes. */
export const maySee = (log: RoomLog, user: number, { seq, rev }: Pick<Row, 'seq' | 'rev'>): boolean =>
  (log.memberships.get(user) ?? []).some((time) => seq > time.join_seq && rev <= time.to_rev)

/** Whether somebody is a member now, by the log. */
export const isMember = (log: RoomLog, user: number): boolean => log.memberships.get(user)?.at(-1)?.to_rev === Infinity

export const viewsOf = ({ round }: Facts, room: number): readonly View[] =>
  round.views.filter((view) => view.room === room)

/** All states of messages that anybody was shown, with who was shown them. */
export function* rowsShown({ ops, answers, streams }: Facts): Generator<{ row: Row; client: string; user: number }> {
  for (const { client, user, answer } of ops) if (answer.row) yield { row: answer.row, client, user }
  for (const { client, user, rows } of answers) for (const row of rows) yield { row, client, user }
  for (const stream of streams.values())
    for (const receipt of stream) {
      if (receipt.type !== 'frame') continue
      const { client, user, frame } = receipt
      if (frame.row) yield { row: frame.row, client, user }
      for (const row of frame.rows ?? []) yield { row, client, user }
    }
}

/** Equal for equal states. The texts of system messages may lose a name later on (docs/adr/0009). */
export function fingerprint(row: Row): string {
  const { id, seq, user, kind, cmid, deleted, edited, reply_to, reactions, pinned_by, system } = row
  const content = kind === 'system' ? '' : row.content
  const sorted = Object.entries(reactions).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([id, seq, user, kind, content, cmid, deleted, edited, reply_to, sorted, pinned_by, system])
}
