import { randomBytes } from 'node:crypto'
import type { Clock } from '@bigtech/kernel'
import type { TicketHolder, TicketStore } from '../../ports.ts'

const LIFETIME_MS = 60_000

/**
 * Tickets of one process. Nothing is lost with them: a client asks for another.
 * @param isRevoked sessions that ended: their tickets end with them
 */
export function createMemoryTickets(clock: Clock, isRevoked: (sessionId: string) => boolean): TicketStore {
  const tickets = new Map<string, { holder: TicketHolder; expires: number }>()
  const sweep = () => {
    // In order of issue, so the first one that is still good ends the sweep.
    for (const [ticket, { expires }] of tickets) {
      if (expires > clock.now()) return
      tickets.delete(ticket)
    }
  }
  return {
    async issue({ user_id, session_id, role }) {
      sweep()
      const ticket = randomBytes(24).toString('base64url')
      tickets.set(ticket, { holder: { user_id, session_id, role }, expires: clock.now() + LIFETIME_MS })
      return ticket
    },
    async redeem(ticket) {
      const found = tickets.get(ticket)
      tickets.delete(ticket)
      const good = found && found.expires > clock.now() && !isRevoked(found.holder.session_id)
      return good ? found.holder : undefined
    },
  }
}
