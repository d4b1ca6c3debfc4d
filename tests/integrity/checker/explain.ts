import type { Entry, FrameFact, Op, Round, Row } from '../history/types.ts'
import type { Violation } from './violation.ts'

const MOST = 60

/** The part of a history that a violation is about, and the faults of that time, a line each. */
export function explain(round: Round, violation: Violation): string {
  const about = round.entries.filter((entry) => concerns(entry, violation)).slice(-MOST)
  const [first, last] = [about[0]?.at ?? 0, about.at(-1)?.at ?? 0]
  const faults = round.entries.filter(
    (entry) => entry.type === 'fault' && entry.at >= first - 10_000 && entry.at <= last + 1_000,
  )
  const lines = [...about, ...faults].toSorted((a, b) => a.n - b.n).map(lineOf)
  return lines.length === 0 ? '  (nothing in the history is about it)' : lines.map((line) => `  ${line}`).join('\n')
}

function concerns(entry: Entry, { room, client, user, seq, rev, cmid }: Violation): boolean {
  if (entry.type === 'fault') return false
  if (room === undefined) return entry.type === 'op' && entry.user === user
  const rowMatches = (row: Row) => row.room === room && (row.seq === seq || row.rev === rev || row.cmid === cmid)
  const precise = seq !== undefined || rev !== undefined || cmid !== undefined
  const mine = client === undefined || entry.client === client
  if (entry.type === 'op') {
    if (entry.room !== room) return false
    if (!precise) return mine
    const { args, answer } = entry
    const places = [answer.seq, answer.row?.seq, Number(args.message?.split('_').at(-1))]
    return (args.cmid !== undefined && args.cmid === cmid) || (seq !== undefined && places.includes(seq))
  }
  if (entry.type === 'ended') return client !== undefined && mine
  if (entry.type === 'answer') return entry.room === room && mine && (!precise || entry.rows.some(rowMatches))
  const { frame } = entry
  if (client !== undefined && mine && ['hello', 'replayed', 'resync_required'].includes(frame.type)) return true
  if (frame.room !== room || !mine) return false
  if (!precise || ['room_joined', 'room_left', 'changes'].includes(frame.type)) return true
  return frame.rev === rev || (frame.row !== undefined && rowMatches(frame.row))
}

function lineOf(entry: Entry): string {
  const head = `${(entry.at / 1_000).toFixed(3).padStart(9)} #${entry.n}`
  if (entry.type === 'fault') return `${head} FAULT ${entry.fault} ${entry.phase} ${entry.detail}`
  const who = `${entry.client} (user ${entry.user})`
  if (entry.type === 'op') return `${head} ${who} ${opText(entry)}`
  if (entry.type === 'ended') return `${head} ${who} connection ended: ${entry.reason}`
  if (entry.type === 'frame') return `${head} ${who} ← ${frameText(entry.frame)}`
  const { call, room, status, rows, page, changes } = entry
  const { reads: _reads, ...range } = changes ?? { reads: [] }
  const facts = JSON.stringify(page ?? range)
  return `${head} ${who} read ${call} of room ${room} (asked #${entry.asked}): ${status} ${facts} ${rows.map(rowText).join(' ')}`
}

const opText = ({ do: deed, room, args, done, took, outcome, status, code, answer }: Op): string =>
  `${deed} in room ${room} ${JSON.stringify(args)} → ${outcome} ${status ?? ''} ${code ?? ''} after ${took} ms (#${done}) ${
    answer.row ? rowText(answer.row) : JSON.stringify(answer)
  }`

const rowText = (row: Row): string => `[seq ${row.seq} rev ${row.rev} ${row.kind} '${row.content.slice(0, 20)}']`

function frameText({ row, rows, reads, ...frame }: FrameFact): string {
  const all = [...(row ? [row] : []), ...(rows ?? [])].map(rowText).join(' ')
  return `${JSON.stringify(frame)} ${all}${reads ? ` reads ${JSON.stringify(reads)}` : ''}`
}
