import type { Round } from '../history/types.ts'
import { checkEffects } from './effects.ts'
import { checkEvents } from './events.ts'
import { factsOf } from './facts.ts'
import { checkFinal } from './final.ts'
import { checkInboxes } from './inbox.ts'
import { checkMessages } from './messages.ts'
import { checkOrder } from './order.ts'
import { checkPushes } from './pushes.ts'
import { checkReads } from './reads.ts'
import { checkStreams } from './stream.ts'
import type { Violation } from './violation.ts'
import { checkVisibility } from './visibility.ts'

/** Everything the guarantees of docs/reliability.md forbid and this round holds. A pure function of the round. */
export function checkRound(round: Round): Violation[] {
  const facts = factsOf(round)
  const checks = [
    checkMessages,
    checkOrder,
    checkReads,
    checkStreams,
    checkVisibility,
    checkFinal,
    checkEvents,
    checkEffects,
    checkInboxes,
    checkPushes,
  ]
  const troubles = round.troubles.map((what): Violation => ({ kind: 'server', what }))
  const faults = facts.ops
    .filter(({ status }) => status === 500)
    .map(({ do: deed, client, user, room, code }): Violation => {
      return {
        kind: 'server',
        what: `${deed} by ${client} was answered 500 ${code}`,
        client,
        user,
        room: room ?? undefined,
      }
    })
  return [...troubles, ...faults, ...checks.flatMap((check) => check(facts))]
}
