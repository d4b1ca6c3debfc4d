import type { Clock } from '@bigtech/kernel'
import type { UserId } from '../../contract/ids.ts'
import type { UserStore } from '../../ports.ts'

export type RelationChange =
  | Readonly<{ type: 'befriended'; a: UserId; b: UserId }>
  | Readonly<{ type: 'unfriended'; a: UserId; b: UserId }>
  | Readonly<{ type: 'blocked' | 'unblocked'; by: UserId; other: UserId }>

/** Keeps the read model of who may see whom. An event that comes again changes nothing. */
export async function followRelation(
  { store, clock }: { store: UserStore; clock: Clock },
  eventId: string,
  change: RelationChange,
): Promise<void> {
  await store.transaction(async (tx) => {
    if (!(await tx.markHandled(eventId, clock.now()))) return
    if (change.type === 'befriended') await tx.relations.addFriends(change.a, change.b)
    else if (change.type === 'unfriended') await tx.relations.removeFriends(change.a, change.b)
    else await tx.relations.setBlocked(change.by, change.other, change.type === 'blocked')
  })
}
