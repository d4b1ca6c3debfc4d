import { IdParams, operation, type App } from '@bigtech/http'
import { friendErrors } from '../../contract/errors.ts'
import { RequestSchema } from '../../contract/schemas.ts'
import { callerOf, viewRequest } from '../../access/caller.http.ts'
import type { PairPorts } from '../../access/change-pair.ts'
import { answerRequest } from './answer-request.ts'

const SUMMARY = {
  accept: 'Accept a friend request you received',
  reject: 'Reject a friend request you received',
  cancel: 'Withdraw a friend request you sent',
}

export function answerRequestHttp(app: App, ports: PairPorts): void {
  for (const answer of ['accept', 'reject', 'cancel'] as const) {
    app.post(
      `/friends/requests/:id/${answer}`,
      operation({
        id: `${answer}Request`,
        tag: 'friends',
        summary: `${SUMMARY[answer]}; repeating changes nothing`,
        params: IdParams,
        response: { 200: RequestSchema },
        errors: [friendErrors.REQUEST_NOT_FOUND, friendErrors.REQUEST_CLOSED],
      }),
      async (request) => viewRequest(await answerRequest(ports, callerOf(request), request.params.id, answer)),
    )
  }
}
