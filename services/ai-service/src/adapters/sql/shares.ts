import { CONSENTS } from '../../domain/consents.ts'
import type { Db, Trx } from './schema.ts'

type GuardianKind = 'guardian' | 'crisis_notice'

/** Guardians to whom the senior agrees in the words as they are now. */
export async function guardiansWith(db: Db | Trx, seniorId: number, kind: GuardianKind): Promise<number[]> {
  const rows = await db
    .selectFrom('consents')
    .select('subject')
    .where('user_id', '=', seniorId)
    .where('kind', '=', kind)
    .where('open_key', 'is not', null)
    .where('version', '=', CONSENTS[kind].version)
    .orderBy('id')
    .execute()
  return rows.map(({ subject }) => Number(subject))
}

export const isShared = async (
  db: Db | Trx,
  { senior_id, guardian_id }: Readonly<{ senior_id: number; guardian_id: number }>,
  kind: GuardianKind,
): Promise<boolean> => (await guardiansWith(db, senior_id, kind)).includes(guardian_id)
