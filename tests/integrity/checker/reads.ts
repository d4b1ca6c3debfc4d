import type { RoomFact } from '../history/types.ts'
import { viewsOf, type Facts } from './facts.ts'
import type { Violation } from './violation.ts'

/** Guarantee 2, read positions: they never go back, nor does anything else that only grows; unread numbers equal a recount. */
export function checkReads(facts: Facts): Violation[] {
  return [...checkGrowth(facts), ...checkStreamReads(facts), ...checkUnread(facts), ...checkRecount(facts)]
}

type Known = { value: number; from: string }
type Look = { key: string; value: number; asked: number; seen: number; from: string; room: number; client: string }

/**
 * What somebody saw before a question was asked, its answer does not undo: numbers of messages and revisions, and how far somebody
 * has read. Holds over crashes too: what was shown is on disk.
 */
function checkGrowth(facts: Facts): Violation[] {
  const looks = looksOf(facts).toSorted((a, b) => a.seen - b.seen)
  const questions = looks.filter(({ asked }) => asked > 0).toSorted((a, b) => a.asked - b.asked)
  const known = new Map<string, Known>()
  const violations: Violation[] = []
  let next = 0
  for (const { key, value, asked, from, room, client } of questions) {
    for (; next < looks.length && looks[next]!.seen < asked; next++) {
      const look = looks[next]!
      if (look.value > (known.get(look.key)?.value ?? -1)) known.set(look.key, look)
    }
    const before = known.get(key)
    if (!before || value >= before.value) continue
    const what = `${key} was ${before.value} (${before.from}), and then ${value} (${from})`
    violations.push({ kind: 'went-back', what, room, client })
  }
  return violations
}

/** @returns `asked` 0: told without being asked, so possibly old news */
function looksOf({ ops, answers, streams }: Facts): Look[] {
  const looks: Look[] = []
  const add = (at: Omit<Look, 'key' | 'value'>, name: string, value: number) =>
    looks.push({ ...at, key: `${name} in room ${at.room}`, value })
  for (const { room, user, client, n, done, outcome, answer, do: deed } of ops) {
    if (outcome !== 'ok' || room === null) continue
    const at = { room, client, asked: n, seen: done, from: `${deed} of ${client}` }
    if (answer.read_seq !== undefined) add(at, `read_seq of ${user}`, answer.read_seq)
    // The answer to a repeat is as old as the message.
    if (answer.seq !== undefined) add({ ...at, asked: 0 }, 'last_seq', answer.seq)
    if (answer.rev !== undefined) add({ ...at, asked: 0 }, 'rev', answer.rev)
    if (answer.row) add({ ...at, asked: 0 }, 'rev', answer.row.rev)
  }
  for (const { client, n, asked, call, rooms, page, room, changes } of answers) {
    const at = (id: number) => ({ room: id, client, asked, seen: n, from: `${call} read by ${client}` })
    for (const fact of rooms) {
      add(at(fact.id), 'last_seq', fact.last_seq)
      add(at(fact.id), 'rev', fact.rev)
      for (const { user, read_seq } of fact.members) add(at(fact.id), `read_seq of ${user}`, read_seq)
    }
    if (page) {
      add(at(room!), 'last_seq', page.last_seq)
      add(at(room!), 'rev', page.rev)
    }
    for (const { user, read_seq } of changes?.reads ?? []) add(at(room!), `read_seq of ${user}`, read_seq)
    if (changes && !changes.has_more) add(at(room!), 'rev', changes.to_rev)
  }
  for (const receipts of streams.values())
    for (const receipt of receipts) {
      if (receipt.type !== 'frame' || receipt.frame.room === null) continue
      const { frame, client, n } = receipt
      const at = { room: frame.room!, client, asked: 0, seen: n, from: `${frame.type} to ${client}` }
      if (frame.rev !== undefined) add(at, 'rev', frame.rev)
      if (frame.type === 'message') add(at, 'last_seq', frame.row!.seq)
      if (frame.type === 'read') add(at, `read_seq of ${frame.user}`, frame.read_seq!)
    }
  return looks
}

/** On one connection the positions of a member only grow. */
function checkStreamReads({ streams }: Facts): Violation[] {
  const violations: Violation[] = []
  for (const [client, receipts] of streams) {
    let known = new Map<string, number>()
    for (const receipt of receipts) {
      if (receipt.type !== 'frame') continue
      const { type, room, user, row, old_read_seq, read_seq } = receipt.frame
      if (type === 'hello' || type === 'replayed') known = new Map()
      const [who, from, to] = type === 'read' ? [user, old_read_seq, read_seq] : [row?.user, old_read_seq, row?.seq]
      if ((type !== 'read' && type !== 'message') || row?.kind === 'system') continue
      const key = `${room}/${who}`
      const before = known.get(key) ?? 0
      if (from! < before || to! < from! || (type === 'read' && to! <= before)) {
        const what = `${client}: ${type} moves user ${who} in room ${room} from ${from} to ${to}; it was at ${before}`
        violations.push({ kind: 'went-back', what, room: room ?? undefined, client, seq: to })
      }
      known.set(key, to!)
    }
  }
  return violations
}

const unreadOf = ({ last_seq, read_seq, join_seq, uncounted }: RoomFact): number =>
  Math.max(0, last_seq - Math.max(read_seq, join_seq) - uncounted.length)

/** A room's unread number is what its other numbers give, in every answer at any time. */
function checkUnread({ answers, round }: Facts): Violation[] {
  const facts = [
    ...answers.flatMap(({ client, rooms }) => rooms.map((fact) => ({ fact, who: client }))),
    ...round.views.flatMap(({ user, fact, listed }) =>
      [fact, listed].flatMap((one) => (one ? [{ fact: one, who: `user ${user}` }] : [])),
    ),
  ]
  return facts
    .filter(({ fact }) => fact.unread !== unreadOf(fact))
    .map(({ fact, who }): Violation => {
      const what = `${who} reads ${fact.unread} unread in room ${fact.id}; ${JSON.stringify({ ...fact, members: [] })}`
      return { kind: 'unread', what, room: fact.id }
    })
}

/** When all is calm: the number beside a message, and one's own numbers, against the members' positions. */
function checkRecount(facts: Facts): Violation[] {
  const violations: Violation[] = []
  for (const room of facts.logs.keys())
    for (const { user, fact, listed, rows } of viewsOf(facts, room)) {
      if (!fact) continue
      const found = (what: string, seq?: number) => violations.push({ kind: 'unread', what, room, user, seq })
      const me = fact.members.find((member) => member.user === user)
      if (me?.read_seq !== fact.read_seq || me.join_seq !== fact.join_seq)
        found(`user ${user} reads read_seq ${fact.read_seq} for themselves and ${me?.read_seq} among the members`)
      if (listed && listed.unread !== fact.unread)
        found(`the list says ${listed.unread} unread in room ${room} to user ${user}, the room ${fact.unread}`)
      const after = Math.max(fact.read_seq, fact.join_seq)
      const left = rows.filter((row) => row.seq > after)
      const silent = left.filter((row) => row.kind === 'system' || row.deleted).map((row) => row.seq)
      if (left.length - silent.length !== fact.unread)
        found(`${fact.unread} unread in room ${room}, a recount of its messages gives ${left.length - silent.length}`)
      if (silent.join() !== fact.uncounted.join())
        found(`${fact.uncounted.join()} do not count in room ${room}, by a recount ${silent.join()}`)
      for (const row of rows) {
        const unread = fact.members.filter(({ read_seq }) => read_seq < row.seq).length
        if (row.unread !== unread) found(`${row.unread} beside seq ${row.seq}, a recount gives ${unread}`, row.seq)
      }
    }
  return violations
}
