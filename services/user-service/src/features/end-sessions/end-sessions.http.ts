import { Empty, operation, principalOf, type App } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { Type } from 'typebox'
import { userErrors } from '../../contract/errors.ts'
import { clearCookie } from '../../access/refresh-cookie.http.ts'
import { SessionItem, SessionParams } from './end-sessions.schema.ts'
import { endOtherSessions, endSession, listSessions, signOut, type EndSessionsPorts } from './end-sessions.ts'

export function endSessionsHttp(app: App, ports: EndSessionsPorts): void {
  app.post(
    '/auth/logout',
    operation({ id: 'logout', tag: 'auth', summary: 'End this session', response: { 204: Empty } }),
    async (request, reply) => {
      const { user_id, session_id } = principalOf(request)
      await signOut(ports, user_id, session_id)
      clearCookie(request, reply)
      return reply.code(204).send(null)
    },
  )
  app.get(
    '/auth/sessions',
    operation({
      id: 'listSessions',
      tag: 'auth',
      summary: 'Where this account is signed in',
      response: { 200: Type.Object({ items: Type.Array(SessionItem), next_cursor: Type.Null() }) },
    }),
    async (request) => {
      const { user_id, session_id } = principalOf(request)
      const sessions = await listSessions(ports, user_id)
      const items = sessions.map(({ id, device, ip, created_at, last_used_at }) => ({
        id,
        device,
        ip,
        created_at: isoTime(created_at),
        last_used_at: isoTime(last_used_at),
        current: id === session_id,
      }))
      return { items, next_cursor: null }
    },
  )
  app.delete(
    '/auth/sessions/:id',
    operation({
      id: 'endSession',
      tag: 'auth',
      summary: 'End one session of this account',
      params: SessionParams,
      response: { 204: Empty },
      errors: [userErrors.SESSION_NOT_FOUND],
    }),
    async (request, reply) => {
      await endSession(ports, principalOf(request).user_id, request.params.id)
      return reply.code(204).send(null)
    },
  )
  app.delete(
    '/auth/sessions',
    operation({
      id: 'endOtherSessions',
      tag: 'auth',
      summary: 'End all sessions of this account but this one',
      response: { 200: Type.Object({ ended: Type.Integer() }) },
    }),
    async (request) => {
      const { user_id, session_id } = principalOf(request)
      return { ended: await endOtherSessions(ports, user_id, session_id) }
    },
  )
}
