import type { ReadKind } from '../../contract/kinds.ts'
import type { Trx } from './schema.ts'

const HOUR_MS = 3_600_000

/** A line of the senior's audit, unless this hour has it. */
export async function auditRead(
  trx: Trx,
  { now, ...read }: Readonly<{ senior_id: number; reader_id: number; what: ReadKind; now: number }>,
): Promise<void> {
  const hour = Math.floor(now / HOUR_MS)
  const held = await trx
    .selectFrom('care_reads')
    .select('id')
    .where('senior_id', '=', read.senior_id)
    .where('reader_id', '=', read.reader_id)
    .where('what', '=', read.what)
    .where('hour', '=', hour)
    .executeTakeFirst()
  if (!held)
    await trx
      .insertInto('care_reads')
      .values({ ...read, hour, read_at: now })
      .execute()
}
