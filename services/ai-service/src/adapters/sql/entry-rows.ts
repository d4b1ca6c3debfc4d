import { enqueue } from '@bigtech/messaging'
import { locksRows } from '@bigtech/sql'
import type { Selectable } from 'kysely'
import type { Entry, Keeping, Kept, NewEntry } from '../../ports.ts'
import { countMade, ENTRY } from './made.ts'
import type { AiSchema, Trx } from './schema.ts'

/** Keeps an entry in the caller's transaction, with its events. */
export async function addEntry(trx: Trx, entry: NewEntry, { consent, perDay, events }: Keeping): Promise<Kept> {
  // Until the end of the transaction it holds: what takes it back, or erases it, comes before or after.
  const held = await trx
    .selectFrom('consents')
    .select('id')
    .where('user_id', '=', entry.user_id)
    .where('open_key', '=', 'analysis')
    .where('version', '=', consent)
    .$if(locksRows(trx), (query) => query.forUpdate())
    .executeTakeFirst()
  if (!held) return { refused: 'no_consent' }
  const made = { user_id: entry.user_id, what: ENTRY, most: perDay, now: entry.created_at }
  if (!(await countMade(trx, made))) return { refused: 'too_many' }
  const { safety, analysis, questionnaire, ...same } = entry
  const { insertId } = await trx
    .insertInto('entries')
    .values({
      ...same,
      safety_level: safety,
      analysis: analysis && JSON.stringify(analysis),
      questionnaire: questionnaire && JSON.stringify(questionnaire),
    })
    .executeTakeFirstOrThrow()
  const id = Number(insertId)
  await enqueue(trx, events(id), entry.created_at)
  return { id }
}

export const toEntry = (row: Selectable<AiSchema['entries']>): Entry => ({
  id: row.id,
  user_id: row.user_id,
  kind: row.kind,
  created_at: row.created_at,
  expires_at: row.expires_at,
  safety: row.safety_level,
  text: row.text,
  mood: row.mood,
  analysis: row.analysis === null ? null : (JSON.parse(row.analysis) as Entry['analysis']),
  questionnaire: row.questionnaire === null ? null : (JSON.parse(row.questionnaire) as Entry['questionnaire']),
})
