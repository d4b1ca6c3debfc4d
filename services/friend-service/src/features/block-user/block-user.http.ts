import { Empty, operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { isoTime, toPage } from '@bigtech/kernel'
import { dependencyErrors } from '@bigtech/resilience'
import { Type } from 'typebox'
import { friendErrors } from '../../contract/errors.ts'
import { Id, PersonSchema, Time } from '../../contract/schemas.ts'
import { decideBlock, decideUnblock } from '../../domain/pair.ts'
import { callerOf } from '../../access/caller.http.ts'
import { changePair, type PairPorts } from '../../access/change-pair.ts'
import { accessPerson, viewPerson } from '../../access/people.ts'

const Params = Type.Object({ user_id: Id })

export function blockUserHttp(app: App, ports: PairPorts): void {
  app.put(
    '/friends/blocks/:user_id',
    operation({
      id: 'blockUser',
      tag: 'blocks',
      summary: 'Block somebody: ends the friendship, open requests and direct messages, in both directions',
      params: Params,
      response: { 204: Empty },
      errors: [friendErrors.SELF_BLOCK, friendErrors.USER_NOT_FOUND, dependencyErrors.DEPENDENCY_UNAVAILABLE],
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const { user_id } = request.params
      if (user_id === caller.user_id) throw friendErrors.SELF_BLOCK()
      await accessPerson(ports, caller, user_id)
      await changePair(ports, caller, user_id, (pair) => decideBlock(pair, caller.user_id, user_id))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/friends/blocks/:user_id',
    operation({
      id: 'unblockUser',
      tag: 'blocks',
      summary: 'Take a block back; the friendship does not come back by itself',
      params: Params,
      response: { 204: Empty },
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const { user_id } = request.params
      await changePair(ports, caller, user_id, (pair) => decideUnblock(pair, caller.user_id, user_id))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/friends/blocks',
    operation({
      id: 'listBlocks',
      tag: 'blocks',
      summary: 'People you have blocked, newest first',
      querystring: PageQuery,
      response: { 200: PageOf(Type.Object({ ...PersonSchema.properties, blocked_since: Time })) },
    }),
    async (request) => {
      const { cursor, limit } = request.query
      const before = readCursor(cursor, ['number', 'number'])
      const rows = await ports.friends.blocks({ user_id: principalOf(request).user_id, before, limit: limit + 1 })
      const page = toPage(rows, limit, (row) => [row.since, row.blocked_user_id])
      const profiles = await ports.people.profiles(page.items.map((row) => row.blocked_user_id))
      return {
        ...page,
        items: page.items.map(({ blocked_user_id, since }) => ({
          ...viewPerson(blocked_user_id, profiles.get(blocked_user_id)),
          blocked_since: isoTime(since),
        })),
      }
    },
  )
}
