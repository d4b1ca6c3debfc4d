import { friendErrors } from '../../contract/errors.ts'
import { decideRequest, type FriendRequest } from '../../domain/pair.ts'
import { changePair, type PairPorts } from '../../access/change-pair.ts'
import { accessPerson, type Caller } from '../../access/people.ts'

/** Asks somebody to be friends; accepts instead if they have asked already. */
export async function requestFriend(ports: PairPorts, caller: Caller, target: number): Promise<FriendRequest> {
  if (target === caller.user_id) throw friendErrors.SELF_REQUEST()
  await accessPerson(ports, caller, target)
  const request = await changePair(ports, caller, target, (pair) => decideRequest(pair, caller.user_id, target))
  return request!
}
