import type { Op, Row } from '../history/types.ts'
import { fingerprint, isMember, rowsShown, viewsOf, type Facts, type RoomLog } from './facts.ts'
import type { Violation } from './violation.ts'

/** Guarantee 2: one order per room, the same for all, without holes. */
export function checkOrder(facts: Facts): Violation[] {
  return [
    ...[...facts.logs.values()].flatMap(checkNumbers),
    ...[...facts.logs.values()].flatMap((log) => checkViews(facts, log)),
    ...checkShown(facts),
    ...checkAcknowledgedOrder(facts),
    ...checkLanes(facts),
  ]
}

function checkNumbers({ setup: { id: room, reader }, rows, rev }: RoomLog): Violation[] {
  const violations: Violation[] = []
  const revs = new Set<number>()
  for (const [i, row] of rows.entries()) {
    const { seq } = row
    if (seq !== i + 1) {
      violations.push({ kind: 'hole', what: `seq ${i + 1} is missing: ${seq} follows ${i}`, room, user: reader, seq })
      return violations
    }
    if (revs.has(row.rev) || row.rev > rev)
      violations.push({ kind: 'revision', what: `seq ${seq} has rev ${row.rev}; the room is at ${rev}`, room, seq })
    revs.add(row.rev)
  }
  return violations
}

/** What each member reads is the log after their time began. */
function checkViews(facts: Facts, log: RoomLog): Violation[] {
  const violations: Violation[] = []
  const room = log.setup.id
  for (const { user, fact, rows } of viewsOf(facts, room)) {
    const found = (kind: string, what: string, seq?: number) => violations.push({ kind, what, room, user, seq })
    if ((fact !== null) !== isMember(log, user)) {
      found('membership', `user ${user} is ${fact ? 'a' : 'no'} member; the log says otherwise`)
      continue
    }
    if (!fact) continue
    if (fact.rev !== log.rev || fact.last_seq !== log.rows.length)
      found(
        'views-differ',
        `user ${user} reads rev ${fact.rev}, last_seq ${fact.last_seq}; others ${log.rev}, ${log.rows.length}`,
      )
    const expected = log.rows.slice(fact.join_seq)
    for (let i = 0; i < Math.max(expected.length, rows.length); i++) {
      const [mine, other] = [rows[i], expected[i]]
      if (mine && other && mine.rev === other.rev && fingerprint(mine) === fingerprint(other)) continue
      found(
        'views-differ',
        `user ${user} reads ${text(mine)} where the log has ${text(other)}`,
        other?.seq ?? mine?.seq,
      )
      break
    }
  }
  return violations
}

/** A revision is one state of one message, whoever is shown it; and what anybody was shown stays in the log. */
function checkShown(facts: Facts): Violation[] {
  const violations: Violation[] = []
  const known = new Map<string, Row>()
  for (const { rows } of facts.logs.values()) for (const row of rows) known.set(`${row.room}/${row.rev}`, row)
  for (const { row, client, user } of rowsShown(facts)) {
    const { room, seq, rev } = row
    const log = facts.logs.get(room)
    if (!log) continue
    const found = (kind: string, what: string) => violations.push({ kind, what, room, client, user, seq, rev })
    const same = known.get(`${room}/${rev}`)
    if (!same) known.set(`${room}/${rev}`, row)
    else if (fingerprint(same) !== fingerprint(row))
      found('views-differ', `rev ${rev} is ${text(row)} for ${client}, ${text(same)} for others`)
    const kept = log.rows[seq - 1]
    if (!kept || kept.id !== row.id || kept.rev < rev)
      found('shown-then-lost', `${client} was shown ${text(row)}; the log has ${text(kept)}`)
  }
  return violations
}

/** What was acknowledged before another was sent comes before it. */
function checkAcknowledgedOrder({ ops }: Facts): Violation[] {
  const violations: Violation[] = []
  const rooms = Map.groupBy(
    ops.filter((op) => op.do === 'send' && op.outcome === 'ok' && op.answer.seq !== undefined),
    (op) => `${op.room}`,
  )
  for (const sends of rooms.values()) {
    // A repeat of an earlier message gets the earlier place: only first sends are compared.
    const first = new Set<string>()
    const fresh = sends.filter(
      ({ user, args }) => !first.has(`${user}/${args.cmid}`) && first.add(`${user}/${args.cmid}`),
    )
    const byEnd = fresh.toSorted((a, b) => a.done - b.done)
    let next = 0
    let latest: Op | undefined
    for (const op of fresh) {
      for (; next < byEnd.length && byEnd[next]!.done < op.n; next++)
        if (!latest || byEnd[next]!.answer.seq! > latest.answer.seq!) latest = byEnd[next]!
      if (latest && latest.answer.seq! > op.answer.seq!)
        violations.push({
          kind: 'order',
          what: `message ${op.args.cmid} (seq ${op.answer.seq}) was sent after ${latest.args.cmid} (seq ${latest.answer.seq}) had been acknowledged`,
          room: op.room ?? undefined,
          seq: op.answer.seq,
          cmid: op.args.cmid,
        })
    }
  }
  return violations
}

/** Messages of one WebSocket are stored in the order they were sent. */
function checkLanes({ ops }: Facts): Violation[] {
  const lanes = Map.groupBy(
    ops.filter((op) => op.lane !== null && op.outcome === 'ok' && op.answer.seq !== undefined),
    (op) => `${op.lane} in ${op.room}`,
  )
  return [...lanes].flatMap(([lane, sends]) =>
    sends.flatMap((op, i): Violation[] => {
      const before = sends[i - 1]
      // The same message may be on its way twice; then the other copy decides the place.
      const alone = (one: Op) => ops.filter(({ args }) => args.cmid === one.args.cmid).length === 1
      if (!before || before.answer.seq! < op.answer.seq! || !alone(op) || !alone(before)) return []
      const what = `${lane}: ${op.args.cmid} (seq ${op.answer.seq}) was sent after ${before.args.cmid} (seq ${before.answer.seq})`
      return [{ kind: 'order', what, room: op.room ?? undefined, client: op.client, seq: op.answer.seq }]
    }),
  )
}

const text = (row: Row | undefined): string =>
  row ? `${row.id} rev ${row.rev} '${row.deleted ? '(deleted)' : row.content}'` : 'nothing'
