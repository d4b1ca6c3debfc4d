import { once } from '@bigtech/messaging'
import { isUniqueViolation, transaction } from '@bigtech/sql'
import { CareConsentChanged } from '../../contract/link-events.ts'
import { isOfGuardian, type ConsentSubject } from '../../domain/consents.ts'
import type { Consent, ConsentStore } from '../../ports.ts'
import { eraseLinksOf } from './erase-links.ts'
import { lockPeople } from './people-lock.ts'
import { tellIfNoneIsLeft, tellOfOutdated } from './renewals.ts'
import type { Db, Trx } from './schema.ts'
import { tell } from './tell.ts'
import { beginWatch } from './watches.ts'
import { openKey, withdrawIn } from './withdraw.ts'

const GROUP = 'ai-service'

/** Rows of SQLite have no prototype. */
const plain = (row: Consent): Consent => ({ ...row })

export function createSqlConsentStore(db: Db): ConsentStore {
  const select = (userId: number) =>
    db
      .selectFrom('consents')
      .select(['kind', 'subject', 'version', 'given_at', 'withdrawn_at'])
      .where('user_id', '=', userId)
      .orderBy('id', 'desc')
  return {
    of: async (userId) => (await select(userId).execute()).map(plain),
    open: async (userId) => (await select(userId).where('open_key', 'is not', null).execute()).map(plain),
    async openOf(userIds) {
      const found = new Map<number, Consent[]>(userIds.map((id) => [id, []]))
      if (found.size === 0) return found
      const rows = await db
        .selectFrom('consents')
        .select(['user_id', 'kind', 'subject', 'version', 'given_at', 'withdrawn_at'])
        .where('user_id', 'in', [...found.keys()])
        .where('open_key', 'is not', null)
        .orderBy('id', 'desc')
        .execute()
      for (const { user_id, ...consent } of rows) found.get(user_id)!.push(consent)
      return found
    },
    async give({ user_id, kind, subject, version, now }) {
      const open_key = openKey({ kind, subject })
      const giving = transaction(db, async (trx) => {
        if (isOfGuardian(kind) && !(await staysLinked(trx, user_id, Number(subject)))) return false
        const former = await trx
          .selectFrom('consents')
          .select(['id', 'renewal_told'])
          .where('user_id', '=', user_id)
          .where('open_key', '=', open_key)
          .where('version', '<', version)
          .executeTakeFirst()
        if (former)
          await trx
            .updateTable('consents')
            .set({ open_key: null, withdrawn_at: now })
            .where('id', '=', former.id)
            .execute()
        if (await isOpen(trx, user_id, { kind, subject })) return true
        await trx
          .insertInto('consents')
          .values({ user_id, kind, subject, version, open_key, given_at: now, withdrawn_at: null, renewal_told: null })
          .execute()
        await tell(trx, now, CareConsentChanged, { user_id, kind, subject, version, given: true })
        if (former && former.renewal_told !== null) await tellIfNoneIsLeft(trx, user_id, now)
        if (kind === 'guardian') await beginWatch(trx, { senior_id: user_id, guardian_id: Number(subject), now })
        return true
      })
      return giving.catch((error: unknown) => {
        // Another process has just kept it.
        if (!isUniqueViolation(error)) throw error
        return true
      })
    },
    withdraw: ({ user_id, kind, subject, now }) =>
      transaction(db, async (trx) => {
        if (!(await isOpen(trx, user_id, { kind, subject }))) return false
        if (isOfGuardian(kind)) await lockPeople(trx, [user_id, Number(subject)])
        return withdrawIn(trx, { user_id, kind, subject, now })
      }),
    tellOfOutdated: (asked) => tellOfOutdated(db, asked),
    erase: async ({ event_id: eventId, now, user_id }) => {
      await once(db, { group: GROUP, eventId, now }, async (trx) => {
        await eraseLinksOf(trx, user_id, now)
        await trx.deleteFrom('consents').where('user_id', '=', user_id).execute()
      })
    },
  }
}

const isOpen = async (trx: Trx, userId: number, of: ConsentSubject): Promise<boolean> =>
  (await trx
    .selectFrom('consents')
    .select('id')
    .where('user_id', '=', userId)
    .where('open_key', '=', openKey(of))
    .executeTakeFirst()) !== undefined

/** Whether they are linked, and will be until the end of the transaction. Of who is not, nobody is locked. */
async function staysLinked(trx: Trx, seniorId: number, guardianId: number): Promise<boolean> {
  const isLinked = async () =>
    (await trx
      .selectFrom('care_links')
      .select('id')
      .where('senior_id', '=', seniorId)
      .where('guardian_id', '=', guardianId)
      .where('is_open', '=', 1)
      .where('state', '=', 'accepted')
      .executeTakeFirst()) !== undefined
  if (!(await isLinked())) return false
  await lockPeople(trx, [seniorId, guardianId])
  return isLinked()
}
