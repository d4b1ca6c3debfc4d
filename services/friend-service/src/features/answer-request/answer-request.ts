import { friendErrors } from '../../contract/errors.ts'
import { decideAnswer, type Answer, type FriendRequest } from '../../domain/pair.ts'
import { finish, type PairPorts } from '../../access/change-pair.ts'
import { pairEvents } from '../../access/pair-events.ts'
import type { Caller } from '../../access/people.ts'

/** Who was asked accepts or rejects, who asked cancels. Others are not told that the request exists. */
export async function answerRequest(
  ports: PairPorts,
  caller: Caller,
  id: number,
  answer: Answer,
): Promise<FriendRequest> {
  const { clock } = ports
  const outcome = await ports.friends.answer({
    id,
    now: clock.now(),
    mayAnswer: (request) => (answer === 'cancel' ? request.from_user_id : request.to_user_id) === caller.user_id,
    decide: (request) => decideAnswer(request, answer),
    events: pairEvents({ clock, traceparent: caller.traceparent }),
  })
  if (!outcome) throw friendErrors.REQUEST_NOT_FOUND()
  return finish(ports, outcome)!
}
