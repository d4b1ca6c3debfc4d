import { randomBytes } from 'node:crypto'
import { unavailable, type RedisLink } from '@bigtech/redis'
import type { TicketHolder, TicketStore } from '../../ports.ts'

const LIFETIME_S = 60

/**
 * Tickets that any node redeems, whichever issued them. While Redis is away there are none: clients that can set headers go on with those.
 * @param isRevoked sessions that ended: their tickets end with them
 * @throws REDIS_UNAVAILABLE (of both calls)
 */
export function createRedisTickets(
  { client, prefix }: RedisLink,
  isRevoked: (sessionId: string) => boolean,
): TicketStore {
  const keyOf = (ticket: string): string => `${prefix}ticket:${ticket}`
  return {
    async issue({ user_id, session_id, role }) {
      const ticket = randomBytes(24).toString('base64url')
      try {
        await client.set(keyOf(ticket), JSON.stringify({ user_id, session_id, role }), 'EX', LIFETIME_S)
      } catch (error) {
        throw unavailable(error)
      }
      return ticket
    },
    async redeem(ticket) {
      let found: string | null
      try {
        found = await client.getdel(keyOf(ticket))
      } catch (error) {
        throw unavailable(error)
      }
      const holder = found === null ? undefined : (JSON.parse(found) as TicketHolder)
      return holder && !isRevoked(holder.session_id) ? holder : undefined
    },
  }
}
