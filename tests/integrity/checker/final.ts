import type { ClientState, MemberFact, Row, View } from '../history/types.ts'
import { fingerprint, type Facts } from './facts.ts'
import type { Violation } from './violation.ts'

/** When all is calm every client holds what its user would read now. */
export const checkFinal = ({ round: { earlier, views, states } }: Facts): Violation[] => [
  ...compareStates(earlier.views, earlier.states),
  ...compareStates(views, states),
]

export const compareStates = (views: readonly View[], states: readonly ClientState[]): Violation[] =>
  states.flatMap((state) => views.filter(({ user }) => user === state.user).flatMap((view) => compare(state, view)))

function compare({ client, user, rooms }: ClientState, { room, fact, listed, rows }: View): Violation[] {
  const held = rooms.find(({ id }) => id === room)
  const differ = (what: string, seq?: number): Violation[] => {
    return [{ kind: 'diverged', what: `${client}: ${what}`, room, client, user, seq }]
  }
  if (!listed) return held ? differ(`holds room ${room}, which is not in its list`) : []
  if (!fact) return differ(`has room ${room} in its list and may not read it`)
  if (!held) return differ(`does not hold room ${room}`)
  if (held.rev !== fact.rev) return differ(`is at rev ${held.rev} of room ${room}, the server at ${fact.rev}`)
  for (let i = 0; i < Math.max(rows.length, held.rows.length); i++) {
    const [mine, fresh] = [held.rows[i], rows[i]]
    const seq = fresh?.seq ?? mine?.seq
    if (!mine || !fresh || mine.seq !== fresh.seq || mine.rev !== fresh.rev || fingerprint(mine) !== fingerprint(fresh))
      return differ(`holds ${brief(mine)} in room ${room}, the server has ${brief(fresh)}`, seq)
    if (mine.unread !== fresh.unread)
      return differ(`shows ${mine.unread} beside seq ${seq} of room ${room}, the server ${fresh.unread}`, seq)
  }
  // Where somebody else's history of a direct room begins is theirs alone to know.
  const known = (members: readonly MemberFact[]) =>
    members.map((one) => (fact.type === 'direct' && one.user !== user ? { ...one, join_seq: 0 } : one))
  const [mine, fresh] = [membersText(known(held.members)), membersText(known(fact.members))]
  if (mine !== fresh) return differ(`has the members ${mine} in room ${room}, the server ${fresh}`)
  if (held.unread !== fact.unread)
    return differ(`shows ${held.unread} unread in room ${room}, the server ${fact.unread}`)
  return []
}

const brief = (row: Row | undefined): string =>
  row ? `seq ${row.seq} rev ${row.rev} '${row.content}'${row.deleted ? ' (deleted)' : ''}` : 'nothing'

const membersText = (members: readonly MemberFact[]): string =>
  members
    .toSorted((a, b) => a.user - b.user)
    .map(({ user, role, join_seq, read_seq }) => `${user} ${role} ${join_seq}/${read_seq}`)
    .join(', ')
