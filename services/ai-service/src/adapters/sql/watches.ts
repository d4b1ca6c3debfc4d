import { DEFAULT_RULES } from '../../domain/alert-rules.ts'
import type { Trx } from './schema.ts'

type Pair = Readonly<{ senior_id: number; guardian_id: number }>

/** From now on the guardian may see how the senior is: what they are told of is as by default until they set it. */
export async function beginWatch(trx: Trx, { now, ...pair }: Pair & Readonly<{ now: number }>): Promise<void> {
  const { senior_id, guardian_id } = pair
  const held = await trx
    .selectFrom('care_watches')
    .select('sign_at')
    .where('senior_id', '=', senior_id)
    .where('guardian_id', '=', guardian_id)
    .executeTakeFirst()
  if (held) {
    // To newer words the same guardian was agreed to before. Who agrees gives a sign of life.
    await trx
      .updateTable('care_watches')
      .set({ sign_at: now })
      .where('senior_id', '=', senior_id)
      .where('guardian_id', '=', guardian_id)
      .execute()
    return
  }
  const { quiet_days, questionnaire, cues } = DEFAULT_RULES
  await trx
    .insertInto('care_watches')
    .values({
      ...pair,
      quiet_days,
      questionnaire: Number(questionnaire),
      cues: Number(cues),
      sign_at: now,
      quiet_told: null,
    })
    .execute()
}

/** From now on they may not; nor may they see what they were told by this consent. */
export async function endWatch(trx: Trx, kind: 'guardian' | 'crisis_notice', pair: Pair): Promise<void> {
  const { senior_id, guardian_id } = pair
  await trx
    .deleteFrom('care_alerts')
    .where('guardian_id', '=', guardian_id)
    .where('senior_id', '=', senior_id)
    .where('kind', kind === 'crisis_notice' ? '=' : '<>', 'crisis')
    .execute()
  if (kind === 'crisis_notice') return
  await trx
    .deleteFrom('care_watches')
    .where('guardian_id', '=', guardian_id)
    .where('senior_id', '=', senior_id)
    .execute()
}
