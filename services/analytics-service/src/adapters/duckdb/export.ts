import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { ExportRow } from '../../ports.ts'

/** @param beside where a file may be for a moment */
export async function parquetOf(
  connection: DuckDBConnection,
  beside: string,
  rows: readonly ExportRow[],
): Promise<Uint8Array> {
  const file = `${beside}.${randomUUID()}.parquet`
  const columns = Object.keys(rows[0] ?? { nothing: null })
  const shape = columns.map((column) => `"${column}": "${typeOf(rows, column)}"`).join(', ')
  const names = columns.map((column) => `one."${column}"`).join(', ')
  try {
    await connection.run(
      `COPY (SELECT ${names} FROM (SELECT unnest(from_json($rows::JSON, '[{${shape}}]')) AS one)) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
      { rows: JSON.stringify(rows) },
    )
    return await readFile(file)
  } finally {
    await rm(file, { force: true })
  }
}

function typeOf(rows: readonly ExportRow[], column: string): 'BIGINT' | 'DOUBLE' | 'VARCHAR' {
  const values = rows.map((row) => row[column] ?? null).filter((value) => value !== null)
  if (values.some((value) => typeof value === 'string')) return 'VARCHAR'
  return values.every((value) => Number.isSafeInteger(value)) ? 'BIGINT' : 'DOUBLE'
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
