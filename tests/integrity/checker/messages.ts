import type { Op } from '../history/types.ts'
import type { Facts } from './facts.ts'
import type { Violation } from './violation.ts'

/** Guarantee 1: what was acknowledged is there, once and unaltered; the rest at most once; what was refused not at all. */
export function checkMessages(facts: Facts): Violation[] {
  return [...checkSends(facts), ...checkStrangers(facts), ...checkAnswers(facts)]
}

type Sends = { room: number; user: number; cmid: string; ops: Op[] }

function sendsOf({ ops }: Facts): Map<string, Sends> {
  const sends = new Map<string, Sends>()
  for (const op of ops) {
    const { room, user, args } = op
    if (op.do !== 'send' || room === null || args.cmid === undefined) continue
    const key = `${room}/${user}/${args.cmid}`
    const known = sends.get(key)
    if (known) known.ops.push(op)
    else sends.set(key, { room, user, cmid: args.cmid, ops: [op] })
  }
  return sends
}

function checkSends(facts: Facts): Violation[] {
  const violations: Violation[] = []
  const stored = new Map<string, { seq: number; id: string; content: string; edited: boolean; deleted: boolean }[]>()
  for (const { rows } of facts.logs.values())
    for (const row of rows) {
      const key = `${row.room}/${row.user}/${row.cmid}`
      stored.set(key, [...(stored.get(key) ?? []), row])
    }
  for (const [key, { room, user, cmid, ops }] of sendsOf(facts)) {
    const rows = stored.get(key) ?? []
    const where = { room, user, cmid, seq: rows[0]?.seq }
    const found = (kind: string, what: string) => violations.push({ kind, what: `message ${cmid}: ${what}`, ...where })
    const acknowledged = ops.filter(({ outcome }) => outcome === 'ok')
    if (rows.length > 1) found('doubled', `is in the log ${rows.length} times (${rows.map(({ seq }) => seq).join()})`)
    if (acknowledged.length > 0 && rows.length === 0) found('lost', 'was acknowledged and is not in the log')
    if (ops.every(({ outcome }) => outcome === 'failed') && rows.length > 0)
      found('refused-but-stored', `was refused (${ops.map(({ code }) => code).join()}) and is in the log`)
    const [row] = rows
    if (!row) continue
    for (const { answer } of acknowledged)
      if ((answer.seq !== undefined && answer.seq !== row.seq) || (answer.id !== undefined && answer.id !== row.id))
        found('acknowledged-elsewhere', `was acknowledged as ${answer.id ?? ''} ${answer.seq}, is ${row.id} ${row.seq}`)
    const [{ args }] = ops as [Op, ...Op[]]
    if (!row.edited && !row.deleted && row.content !== args.content)
      found('altered', `was sent as '${args.content}', is '${row.content}'`)
  }
  return violations
}

/** A message that nobody sent. */
function checkStrangers(facts: Facts): Violation[] {
  const sent = sendsOf(facts)
  return [...facts.logs.values()].flatMap(({ rows }) =>
    rows
      .filter(({ room, user, cmid }) => cmid !== null && !sent.has(`${room}/${user}/${cmid}`))
      .map(({ room, user, cmid, seq }): Violation => {
        return { kind: 'stranger', what: `message ${cmid} was sent by nobody`, room, user, cmid: cmid!, seq }
      }),
  )
}

/** The answer to a change shows what was asked for. */
function checkAnswers({ ops }: Facts): Violation[] {
  return ops.flatMap((op) => {
    const { row } = op.answer
    if (op.outcome !== 'ok' || !row || isAsAsked(op)) return []
    const what = `${op.do} of ${op.args.message} was acknowledged with a message that is not so: ${JSON.stringify(row)}`
    return [{ kind: 'not-done', what, room: row.room, user: op.user, client: op.client, seq: row.seq, rev: row.rev }]
  })
}

function isAsAsked({ do: deed, user, args, answer }: Op): boolean {
  const row = answer.row!
  if (args.message !== undefined && row.id !== args.message) return false
  const reacted = (row.reactions[args.emoji ?? ''] ?? []).includes(user)
  switch (deed) {
    case 'edit':
      return row.content === args.content
    case 'delete':
      return row.deleted
    case 'react':
      return reacted
    case 'unreact':
      return !reacted
    case 'pin':
      return row.pinned_by !== null
    case 'unpin':
      return row.pinned_by === null
    default:
      return true
  }
}
