import { maySee, rowsShown, type Facts, type RoomLog } from './facts.ts'
import { missingSeqs } from './stream.ts'
import type { Violation } from './violation.ts'

/** Guarantee 3, the other half: nobody is shown what is not for them, and a pull brings all that is. */
export function checkVisibility(facts: Facts): Violation[] {
  return [
    ...checkShown(facts),
    ...checkAuthors(facts),
    ...checkAnswers(facts),
    ...checkPulls(facts),
    ...checkBlocks(facts),
  ]
}

/** Nothing from before they joined, after they left or were removed, or of a room they never were in. */
function checkShown(facts: Facts): Violation[] {
  const violations: Violation[] = []
  for (const { row, client, user } of rowsShown(facts)) {
    const log = facts.logs.get(row.room)
    if (!log || maySee(log, user, row)) continue
    const { room, seq, rev } = row
    const what = `${client} (user ${user}) was shown seq ${seq} rev ${rev} of room ${room}; ${timesOf(log, user)}`
    violations.push({ kind: 'not-for-them', what, room, client, user, seq, rev })
  }
  return violations
}

/** Who writes or changes something is a member at that moment: the revision it makes lies in a time of theirs. */
function checkAuthors(facts: Facts): Violation[] {
  return [...facts.logs.values()].flatMap((log) =>
    log.events.flatMap(({ type, fields }): Violation[] => {
      const [user, seq, rev] = ['user_id', 'seq', 'rev'].map((name) => fields[name] as number) as [
        number,
        number,
        number,
      ]
      const times = log.memberships.get(user) ?? []
      if (typeof rev !== 'number' || times.some((time) => rev >= time.from_rev && rev <= time.to_rev)) return []
      const room = log.setup.id
      const what = `user ${user} made rev ${rev} of room ${room} (${type}, seq ${seq}) without being a member; ${timesOf(log, user)}`
      return [{ kind: 'not-a-member', what, room, user, seq, rev }]
    }),
  )
}

/** A page shows nothing at or before its own `join_seq`. */
function checkAnswers({ answers }: Facts): Violation[] {
  return answers.flatMap(({ client, user, room, rows, page }) =>
    rows
      .filter(({ seq }) => page !== null && seq <= page.join_seq)
      .map(({ seq }): Violation => {
        const what = `${client} read seq ${seq}, and that its history begins after ${page!.join_seq}`
        return { kind: 'not-for-them', what, room: room ?? undefined, client, user, seq }
      }),
  )
}

function checkPulls(facts: Facts): Violation[] {
  return facts.answers.flatMap(({ client, user, room, rows, changes }) => {
    const log = facts.logs.get(room ?? 0)
    if (!log || !changes) return []
    const range = { from: changes.from_rev, to: changes.to_rev, rows, more: changes.has_more }
    return missingSeqs(log, user, range).map((seq): Violation => {
      const what = `${client} pulled the changes of room ${room} from ${range.from} to ${range.to}; seq ${seq} is not among them`
      return { kind: 'pull-gap', what, room: room ?? undefined, client, user, seq, rev: range.to }
    })
  })
}

/** Once a block has turned a message away, none passes unless somebody asked for its end. */
function checkBlocks({ ops, round }: Facts): Violation[] {
  return round.rooms.flatMap(({ id: room, type, members }) => {
    if (type !== 'direct') return []
    const between = ops.filter(
      (op) =>
        (op.room === room && op.do === 'send') ||
        (['block', 'unblock'].includes(op.do) && members.includes(op.user) && members.includes(op.args.other ?? 0)),
    )
    const refusals = between.filter(({ code }) => code === 'BLOCKED' || code === 'PARTNER_GONE')
    return between.flatMap((op): Violation[] => {
      if (op.do !== 'send' || op.outcome !== 'ok') return []
      // A repeat of a message from before the block is answered with that message.
      const earlier = between.find((one) => one !== op && one.args.cmid === op.args.cmid)
      const refusal = refusals.findLast(({ done }) => done < op.n)
      if (!refusal || earlier) return []
      // However long ago: its event may have been under way when the other message was refused.
      const lifted = between.some(
        ({ do: deed, n, outcome }) => deed === 'unblock' && outcome !== 'failed' && n < op.done,
      )
      if (lifted) return []
      const what = `message ${op.args.cmid} passed in room ${room} after ${refusal.args.cmid} was BLOCKED, and nobody unblocked`
      return [{ kind: 'blocked', what, room, user: op.user, cmid: op.args.cmid, seq: op.answer.seq }]
    })
  })
}

const timesOf = (log: RoomLog, user: number): string => {
  const times = log.memberships.get(user) ?? []
  if (times.length === 0) return 'they were never a member'
  const text = ({ join_seq, from_rev, to_seq, to_rev }: (typeof times)[number]) =>
    `from seq ${join_seq + 1} rev ${from_rev} to ${to_seq === Infinity ? 'now' : `seq ${to_seq} rev ${to_rev}`}`
  return `a member ${times.map(text).join(', ')}`
}
