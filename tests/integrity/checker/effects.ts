import { firstOccurrences, type Facts } from './facts.ts'
import type { Violation } from './violation.ts'

/** Guarantee 4, the consumers: everything was handled, and what follows from it is so in every service, once. */
export function checkEffects(facts: Facts): Violation[] {
  return [
    ...checkDrained(facts),
    ...checkRepeats(facts),
    ...checkNames(facts),
    ...checkBlocks(facts),
    ...checkClosure(facts),
  ]
}

function checkDrained({ round: { calm } }: Facts): Violation[] {
  const late = calm.lag.filter(({ lag }) => lag > 0)
  const stuck = calm.outbox.filter(({ pending, parked }) => pending > 0 || parked > 0)
  return [
    ...late.map(({ group, topic, partition, lag }): Violation => {
      return { kind: 'not-handled', what: `${group} is ${lag} records behind in ${topic}/${partition}` }
    }),
    ...stuck.map(({ service, pending, parked }): Violation => {
      return { kind: 'not-published', what: `${service} has ${pending} events pending and ${parked} parked` }
    }),
    ...(calm.dead_letters > 0 ? [{ kind: 'dead-letter', what: `${calm.dead_letters} dead letters` }] : []),
  ]
}

/** An event may be on a topic twice, but then it is the same in both places. */
function checkRepeats({ round }: Facts): Violation[] {
  const known = new Map<string, string>()
  return round.events.flatMap(({ topic, id, type, key, partition, fields }): Violation[] => {
    const body = JSON.stringify([type, key, partition, fields])
    const before = known.get(`${topic}/${id}`)
    known.set(`${topic}/${id}`, body)
    if (before === undefined || before === body) return []
    return [{ kind: 'event-content', what: `event ${id} on ${topic} is ${before} and ${body}` }]
  })
}

/** A name is what its owner last was told it is, everywhere. */
function checkNames({ round, ops }: Facts): Violation[] {
  return round.calm.names.flatMap(({ user, own, chat, friend }): Violation[] => {
    const renames = ops.filter((op) => op.do === 'rename_self' && op.user === user)
    const found = (kind: string, what: string): Violation[] => [{ kind, what: `user ${user}: ${what}`, user }]
    if ((chat !== null && chat !== own) || friend !== own)
      return found('effect-missing', `is '${own}', '${chat}' in chat-service and '${friend}' in friend-service`)
    const [last] = renames.filter(({ outcome }) => outcome === 'ok').toSorted((a, b) => b.n - a.n)
    // Others that were under way, or may still have been, can have come after it.
    const later = renames.filter((op) => op.outcome !== 'failed' && last && op.done > last.n)
    if (last && !later.some(({ args }) => args.name === own))
      return found('lost', `the name '${last.args.name}' became '${own}'`)
    const events = firstOccurrences(round.events).filter(
      ({ type, fields }) => type === 'UserProfileUpdated' && fields['user_id'] === user,
    )
    return renames
      .filter(({ outcome }) => outcome === 'ok')
      .filter(({ args }) => events.filter(({ fields }) => fields['display_name'] === args.name).length !== 1)
      .flatMap(({ args }) => found('event-lost', `the name '${args.name}' has not exactly one event`))
  })
}

/** friend-service's blocks are those of its events, and chat-service goes by them. */
function checkBlocks({ round, ops }: Facts): Violation[] {
  const { blocks, probes } = round.calm
  const listed = (user: number, other: number) => blocks.some((one) => one.user === user && one.other === other)
  const violations: Violation[] = []
  for (const { room, from, to, outcome } of probes) {
    const blocked = listed(from, to) || listed(to, from)
    // Whoever was blocked is not told so.
    const due = listed(from, to) ? 'BLOCKED' : blocked ? 'PARTNER_GONE' : 'ok'
    if (outcome !== due)
      violations.push({
        kind: 'effect-missing',
        what: `${from} and ${to} are ${blocked ? '' : 'not '}blocked; a message in room ${room} was answered ${outcome}`,
        room,
        user: from,
      })
  }
  const changes = new Map<string, string[]>()
  for (const { type, fields } of firstOccurrences(round.events))
    if (type === 'UserBlocked' || type === 'UserUnblocked') {
      const pair = `${String(fields['user_id'])}:${String(fields['blocked_user_id'])}`
      changes.set(pair, [...(changes.get(pair) ?? []), type])
    }
  for (const [pair, types] of changes) {
    const [user, other] = pair.split(':').map(Number) as [number, number]
    const found = (kind: string, what: string) => violations.push({ kind, what: `${user} → ${other}: ${what}`, user })
    if (types.some((type, i) => (type === 'UserBlocked') !== (i % 2 === 0)))
      found('event-order', `block and unblock do not take turns: ${types.join()}`)
    if ((types.at(-1) === 'UserBlocked') !== listed(user, other))
      found('effect-missing', `the last event is ${types.at(-1)}, the list says ${listed(user, other)}`)
  }
  for (const { user, args, outcome, do: deed } of ops)
    if (deed === 'block' && outcome === 'ok' && !changes.has(`${user}:${args.other}`))
      violations.push({ kind: 'event-lost', what: `${user} blocked ${args.other}; there is no event`, user })
  return violations
}

/** An account closes wholly or not at all; who was told that it closes is right; and they leave each room once. */
function checkClosure({ round, logs }: Facts): Violation[] {
  const { closed } = round.calm
  if (!closed) return []
  const { user, status, answered } = closed
  const found = (kind: string, what: string): Violation => ({ kind, what: `closing account ${user}: ${what}`, user })
  const violations: Violation[] = []
  if (status !== 'closed' && (answered || status !== 'active'))
    violations.push(found('effect-missing', `it is ${status}`))
  const expected = status === 'closed' ? 1 : 0
  const events = firstOccurrences(round.events).filter(({ fields }) => fields['user_id'] === user)
  const closings = events.filter(({ type }) => type === 'UserClosed').length
  if (closings !== expected) violations.push(found('effect-twice', `${closings} UserClosed events`))
  for (const { setup, rows, memberships } of logs.values()) {
    if (!memberships.has(user)) continue
    const left = rows.filter(({ system }) => system?.kind === 'member_left' && system.user_ids.includes(user)).length
    if (left !== expected) violations.push(found('effect-twice', `it left room ${setup.id} ${left} times`))
  }
  return violations
}
