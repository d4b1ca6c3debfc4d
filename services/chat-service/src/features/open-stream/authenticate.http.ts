import { commonErrors, type TokenVerifier } from '@bigtech/http'
import { chatErrors } from '../../contract/errors.ts'
import type { TicketHolder, TicketStore } from '../../ports.ts'

/** A stream is opened with a bearer token, or with a ticket where no header can be set. It then lasts as long as its session. */
export async function authenticateStream(
  ports: { tokens: TokenVerifier; tickets: TicketStore },
  request: { authorization: string | undefined; ticket: string | undefined },
): Promise<TicketHolder> {
  if (request.ticket !== undefined) {
    const holder = await ports.tickets.redeem(request.ticket)
    if (!holder) throw chatErrors.TICKET_INVALID()
    return holder
  }
  const [scheme, token] = request.authorization?.split(' ', 2) ?? []
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw commonErrors.NOT_AUTHENTICATED()
  return ports.tokens.verify(token)
}
