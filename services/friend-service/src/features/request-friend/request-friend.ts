import { friendErrors } from '../../contract/errors.ts'
import { decideRequest, type FriendRequest } from '../../domain/pair.ts'
import { changePair, type PairPorts } from '../../access/change-pair.ts'
import { accessPerson, type Caller } from '../../access/people.ts'

/** Asks somebody to be friends; accepts instead if they have asked already. */
export async function requestFriend(ports: PairPorts, caller: Caller, target: number): Promise<FriendRequest> {
  if (target === caller.user_id) throw friendErrors.SELF_REQUEST()
  await accessPerson(ports, caller, target)
  const request = await changePair(ports, caller, target, (pair, sent_today) =>
    decideRequest(pair, caller.user_id, target, {
      now: ports.clock.now(),
      ask_again_after: ports.limits.ask_again_after,
      per_day: ports.limits.requests_per_day,
      sent_today,
    }),
  )
  return request!
}
