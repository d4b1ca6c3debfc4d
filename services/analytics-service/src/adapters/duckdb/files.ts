import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Fact } from '../../domain/facts.ts'
import { literal } from './export.ts'
import { FACTS, stage } from './schema.ts'
import { append } from './write.ts'

/** Facts as Parquet files, whole: what processes give each other, and what one file takes over from another. */

/** A file beside the database for as long as `work` runs. */
export async function withFile<T>(beside: string, work: (file: string) => Promise<T>): Promise<T> {
  const file = `${beside}.${randomUUID()}.parquet`
  try {
    return await work(file)
  } finally {
    await rm(file, { force: true })
  }
}

const STANDING = FACTS.replace('user_id', 'coalesce(stands_as, fact.user_id) AS user_id')

/** Who closed the account is in it by the other number alone. */
const copyOf = (source: string, file: string): string =>
  `COPY (SELECT DISTINCT ON (moment, event, kind) ${STANDING} FROM ${source} fact LEFT JOIN forgotten ON forgotten.user_id = fact.user_id
     ORDER BY moment) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`

export const encodeFacts = (
  connection: DuckDBConnection,
  beside: string,
  facts: readonly Fact[],
): Promise<Uint8Array> =>
  withFile(beside, async (file) => {
    await connection.run(stage('incoming'))
    await append(connection, facts)
    await connection.run(copyOf('incoming', file))
    await connection.run('DROP TABLE incoming')
    return readFile(file)
  })

/** Several as one; undefined for a single one in which nobody has closed the account. */
export async function rewriteFacts(
  connection: DuckDBConnection,
  beside: string,
  parts: readonly Uint8Array[],
): Promise<Uint8Array | undefined> {
  const files = parts.map(() => `${beside}.${randomUUID()}.parquet`)
  try {
    for (const [index, bytes] of parts.entries()) await writeFile(files[index]!, bytes)
    const source = `read_parquet([${files.map(literal).join(', ')}])`
    if (parts.length === 1) {
      const found = await connection.runAndReadAll(
        `SELECT 1 FROM ${source} SEMI JOIN forgotten USING (user_id) LIMIT 1`,
      )
      if (found.currentRowCount === 0) return undefined
    }
    return await withFile(beside, async (file) => {
      await connection.run(copyOf(source, file))
      return readFile(file)
    })
  } finally {
    for (const file of files) await rm(file, { force: true })
  }
}
