import { CareConsentChanged } from '../../contract/link-events.ts'
import { isOfGuardian, type ConsentSubject } from '../../domain/consents.ts'
import { tellIfNoneIsLeft } from './renewals.ts'
import type { Trx } from './schema.ts'
import { tell } from './tell.ts'
import { endWatch } from './watches.ts'

export const openKey = ({ kind, subject }: ConsentSubject): string => (subject === '' ? kind : `${kind} ${subject}`)

/** @returns whether there was one */
export async function withdrawIn(
  trx: Trx,
  { user_id, now, ...of }: ConsentSubject & Readonly<{ user_id: number; now: number }>,
): Promise<boolean> {
  const held = await trx
    .selectFrom('consents')
    .select(['id', 'version', 'renewal_told'])
    .where('user_id', '=', user_id)
    .where('open_key', '=', openKey(of))
    .executeTakeFirst()
  if (!held) return false
  const { numUpdatedRows } = await trx
    .updateTable('consents')
    .set({ open_key: null, withdrawn_at: now })
    .where('id', '=', held.id)
    .where('open_key', 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await tell(trx, now, CareConsentChanged, { user_id, ...of, version: held.version, given: false })
  if (held.renewal_told !== null) await tellIfNoneIsLeft(trx, user_id, now)
  if (isOfGuardian(of.kind)) await endWatch(trx, of.kind, { senior_id: user_id, guardian_id: Number(of.subject) })
  return true
}
