import { operation, type App } from '@bigtech/http'
import { dependencyErrors } from '@bigtech/resilience'
import { Type } from 'typebox'
import { friendErrors } from '../../contract/errors.ts'
import { Id, RequestSchema } from '../../contract/schemas.ts'
import { callerOf, viewRequest } from '../../access/caller.http.ts'
import type { PairPorts } from '../../access/change-pair.ts'
import { requestFriend } from './request-friend.ts'

export function requestFriendHttp(app: App, ports: PairPorts): void {
  app.post(
    '/friends/request',
    operation({
      id: 'requestFriend',
      tag: 'friends',
      summary: 'Ask somebody to be friends; if they have asked you, you are friends at once (status accepted)',
      body: Type.Object({ target_user_id: Id }, { examples: [{ target_user_id: 2 }] }),
      response: { 201: RequestSchema },
      errors: [
        friendErrors.SELF_REQUEST,
        friendErrors.ALREADY_REQUESTED,
        friendErrors.REJECTED_LATELY,
        friendErrors.TOO_MANY_REQUESTS_TODAY,
        friendErrors.ALREADY_FRIENDS,
        friendErrors.YOU_BLOCKED,
        friendErrors.USER_NOT_FOUND,
        dependencyErrors.DEPENDENCY_UNAVAILABLE,
      ],
    }),
    async (request, reply) =>
      reply.code(201).send(viewRequest(await requestFriend(ports, callerOf(request), request.body.target_user_id))),
  )
}
