import { randomInt } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Fact } from '../../domain/facts.ts'
import type { Batch } from '../../ports.ts'
import { literal } from './export.ts'
import { DAY_MS, FACTS, PERSONAL, stage } from './schema.ts'

/** Rows of a chunk of DuckDB. */
const CHUNK = 2_048

/** Within a transaction. */
export async function writeBatch(
  connection: DuckDBConnection,
  { facts, forget, positions, now }: Batch,
): Promise<void> {
  for (const userId of new Set(forget)) await forgetPerson(connection, userId, now)
  if (facts.length > 0) await addFacts(connection, facts)
  for (const { topic, partition, offset } of positions)
    await connection.run(
      `INSERT INTO positions VALUES ($topic, $partition, $offset)
       ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset`,
      { topic, partition, offset: BigInt(offset) },
    )
}

async function addFacts(connection: DuckDBConnection, facts: readonly Fact[]): Promise<void> {
  await connection.run(stage('incoming'))
  await append(connection, facts)
  await takeFrom(connection, 'incoming')
  await connection.run('DROP TABLE incoming')
}

/** Facts of a Parquet file with the columns of `facts`. */
export async function adoptFile(connection: DuckDBConnection, file: string): Promise<void> {
  await takeFrom(connection, `read_parquet(${literal(file)})`)
}

/** @param source `incoming`, or a file */
async function takeFrom(connection: DuckDBConnection, source: string): Promise<void> {
  const about = await connection.runAndReadAll(
    `SELECT min(moment), max(moment), count(*), (SELECT count(*) FROM (SELECT 1 FROM ${source} GROUP BY moment, event, kind)) FROM ${source}`,
  )
  const [from, to, count, different] = about.getRows()[0] as [bigint | null, bigint | null, bigint, bigint]
  if (from === null || to === null) return
  await connection.run(stage('fresh'))
  // Within a batch one of several stays. Picking it takes ten times the memory of finding that there is nothing to pick.
  const rows = different === count ? source : `(SELECT DISTINCT ON (moment, event, kind) * FROM ${source})`
  // A repeat has the time of the first: only blocks of facts from that time are looked at.
  await connection.run(`
    INSERT INTO fresh
    SELECT moment, event, kind, coalesce(stands_as, one.user_id), room_id, seq, type, language, length, file, mentions
    FROM (SELECT ${FACTS} FROM ${rows}) one
    ANTI JOIN (SELECT moment, event, kind FROM facts WHERE moment >= ${from} AND moment <= ${to}) known USING (moment, event, kind)
    LEFT JOIN forgotten ON forgotten.user_id = one.user_id`)
  await connection.run(`
    INSERT INTO facts SELECT ${FACTS} FROM fresh ORDER BY moment;
    INSERT INTO days SELECT DISTINCT (moment // ${DAY_MS})::INTEGER, false FROM fresh ON CONFLICT DO UPDATE SET sealed = false;`)
  // What follows a fact within a day may have been waiting for it.
  await connection.run(`
    UPDATE days SET sealed = false WHERE sealed AND day IN (SELECT DISTINCT (moment // ${DAY_MS})::INTEGER + 1 FROM fresh)`)
  await connection.run('DROP TABLE fresh')
}

export async function append(connection: DuckDBConnection, facts: readonly Fact[]): Promise<void> {
  const { BIGINT, DuckDBDataChunk, INTEGER, UTINYINT } = await import('@duckdb/node-api')
  const types = [BIGINT, BIGINT, UTINYINT, BIGINT, BIGINT, BIGINT, UTINYINT, UTINYINT, INTEGER, UTINYINT, INTEGER]
  const appender = await connection.createAppender('incoming')
  try {
    for (let start = 0; start < facts.length; start += CHUNK) {
      const rows = Math.min(CHUNK, facts.length - start)
      const chunk = DuckDBDataChunk.create(types, rows)
      const { big, small } = columnsOf(chunk)
      const [at, event, user, room, seq] = [big(0), big(1), big(3), big(4), big(5)]
      const [kind, type, language] = [small(2), small(6), small(7)]
      const [length, file, mentions] = [small(8), small(9), small(10)]
      for (let row = 0; row < rows; row++) {
        const fact = facts[start + row]!
        at[row] = BigInt(fact.at)
        event[row] = BigInt(fact.event)
        kind[row] = fact.kind
        user[row] = BigInt(fact.user_id)
        room[row] = BigInt(fact.room_id)
        seq[row] = BigInt(fact.seq)
        type[row] = fact.type
        language[row] = fact.language
        length[row] = fact.length
        file[row] = fact.file
        mentions[row] = fact.mentions
      }
      for (let column = 0; column < types.length; column++) chunk.getColumnVector(column).flush()
      appender.appendDataChunk(chunk)
    }
  } finally {
    appender.closeSync()
  }
}

/** The numbers of columns as they lie in DuckDB's memory: five times as fast as a value after the other. */
function columnsOf(chunk: { getColumnVector(column: number): unknown }) {
  const items = (column: number) => (chunk.getColumnVector(column) as { items: unknown }).items
  return {
    big: (column: number) => items(column) as BigInt64Array,
    small: (column: number) => items(column) as Int32Array | Uint8Array,
  }
}

/** Numbers of nobody: below 0, and not to be guessed from the order in which people went. */
export const newStandIn = (): number => -randomInt(1, 2 ** 47)

/** @param standsAs who is known by another number already keeps that */
export async function forgetPerson(
  connection: DuckDBConnection,
  userId: number,
  now: number,
  standsAs = newStandIn(),
): Promise<void> {
  const known = await connection.runAndReadAll('SELECT 1 FROM forgotten WHERE user_id = $id', { id: BigInt(userId) })
  if (known.currentRowCount > 0) return
  await connection.run('INSERT INTO forgotten VALUES ($id, $as, $now)', {
    id: BigInt(userId),
    as: BigInt(standsAs),
    now: BigInt(now),
  })
  for (const table of PERSONAL)
    await connection.run(`UPDATE ${table} SET user_id = ${standsAs} WHERE user_id = ${userId}`)
}
