import { Empty, operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { Id } from '../../contract/schemas.ts'
import { decideRemoval } from '../../domain/pair.ts'
import { callerOf } from '../../access/caller.http.ts'
import { changePair, type PairPorts } from '../../access/change-pair.ts'

export function removeFriendHttp(app: App, ports: PairPorts): void {
  app.delete(
    '/friends/:user_id',
    operation({
      id: 'removeFriend',
      tag: 'friends',
      summary: 'End a friendship; without one nothing changes',
      params: Type.Object({ user_id: Id }),
      response: { 204: Empty },
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const { user_id } = request.params
      await changePair(ports, caller, user_id, (pair) => decideRemoval(pair, caller.user_id, user_id))
      return reply.code(204).send(null)
    },
  )
}
