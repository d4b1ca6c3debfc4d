import { CareLinkEnded } from '../../contract/link-events.ts'
import { forgetMade } from './made.ts'
import { lockPeople, forgetLock } from './people-lock.ts'
import type { Trx } from './schema.ts'
import { tell } from './tell.ts'
import { withdrawIn } from './withdraw.ts'

/**
 * All that is between this person and others goes with their account, and the others are told. What the others' audit says stays: that somebody of this id,
 * whom nobody can name any more, has looked at how they are.
 */
export async function eraseLinksOf(trx: Trx, userId: number, now: number): Promise<void> {
  const links = await trx
    .selectFrom('care_links')
    .select(['id', 'senior_id', 'guardian_id', 'is_open'])
    .where((where) => where.or([where('senior_id', '=', userId), where('guardian_id', '=', userId)]))
    .execute()
  const open = links.filter(({ is_open }) => is_open === 1)
  await lockPeople(
    trx,
    open.flatMap(({ senior_id, guardian_id }) => [senior_id, guardian_id]),
  )
  for (const { id, senior_id, guardian_id } of open) {
    for (const kind of ['guardian', 'crisis_notice'] as const)
      await withdrawIn(trx, { user_id: senior_id, kind, subject: String(guardian_id), now })
    await tell(trx, now, CareLinkEnded, { link_id: id, senior_id, guardian_id, ended_by: userId })
  }
  for (const table of ['care_links', 'care_watches', 'care_alerts'] as const)
    await trx
      .deleteFrom(table)
      .where((where) => where.or([where('senior_id', '=', userId), where('guardian_id', '=', userId)]))
      .execute()
  await trx.deleteFrom('care_reads').where('senior_id', '=', userId).execute()
  await trx
    .deleteFrom('care_notes')
    .where((where) => where.or([where('senior_id', '=', userId), where('author_id', '=', userId)]))
    .execute()
  await forgetMade(trx, userId)
  await forgetLock(trx, userId)
}
