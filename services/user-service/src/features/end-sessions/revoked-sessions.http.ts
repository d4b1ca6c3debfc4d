import { operation, type App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import type { UserStore } from '../../ports.ts'

/** Access tokens live 15 minutes; whoever checks them may be somewhat behind. */
const MATTERS_MS = 20 * 60_000

const Time = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, examples: [1_790_000_000_000] })
const RevokedSession = Type.Object({ session_id: Type.String(), user_id: Type.Integer() })

/** For the processes of all services that check access tokens. */
export function revokedSessionsHttp(app: App, { store, clock }: Readonly<{ store: UserStore; clock: Clock }>): void {
  app.get(
    '/internal/sessions/revoked',
    operation({
      id: 'revokedSessions',
      tag: 'internal',
      access: 'public',
      summary: 'Sessions that ended before their access tokens',
      querystring: Type.Object({ since: Type.Optional(Time) }),
      response: { 200: Type.Object({ sessions: Type.Array(RevokedSession), as_of: Time }) },
    }),
    async (request) => {
      // Before it is read: what ends meanwhile belongs to the next answer.
      const as_of = clock.now()
      const since = Math.max(request.query.since ?? 0, as_of - MATTERS_MS)
      return { sessions: await store.sessions.revokedSince(since), as_of }
    },
  )
}
