import { mapSqliteError } from './errors.ts'
import { openSqlite } from './open.ts'

/** Rows looked at in each table, beside the first and the last. */
const SAMPLES = 2

/**
 * Reads pages of every table and index of a file, from the disk and not from a cache: where each begins and ends, and some between, others
 * each time. So damage is noticed without reading all of it. Some milliseconds.
 * @throws STORAGE_UNAVAILABLE when one cannot be read
 */
export function probeReads(file: string): void {
  try {
    const db = openSqlite(file, { readOnly: true })
    try {
      db.exec('PRAGMA cell_size_check=ON')
      for (const table of db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
        .all()) {
        const name = `"${String(table['name']).replaceAll('"', '""')}"`
        const indexes = read(db, 'SELECT name FROM pragma_index_list(?)').all(String(table['name']))
        for (const { name: index } of indexes)
          read(
            db,
            `SELECT * FROM ${name} INDEXED BY "${String(index)}" ${conditionOf(db, String(index))} LIMIT 1`,
          ).all()
        if (/WITHOUT\s+ROWID/i.test(String(table['sql']))) read(db, `SELECT * FROM ${name} LIMIT 1`).all()
        else probeRows(db, name)
      }
    } finally {
      db.close()
    }
  } catch (error) {
    throw mapSqliteError(error)
  }
}

type Database = ReturnType<typeof openSqlite>

function probeRows(db: Database, name: string): void {
  const last = read(db, `SELECT rowid AS id, * FROM ${name} ORDER BY rowid DESC LIMIT 1`).get()
  if (!last) return
  const from = read(db, `SELECT * FROM ${name} WHERE rowid >= ? ORDER BY rowid LIMIT 1`)
  for (const at of [0, ...Array.from({ length: SAMPLES }, () => Math.floor(Math.random() * Number(last['id'])))])
    from.get(at)
}

/** A partial index serves only those who ask for its part. */
function conditionOf(db: Database, index: string): string {
  const sql = String(read(db, 'SELECT sql FROM sqlite_schema WHERE name = ?').get(index)?.['sql'] ?? '')
  const [, condition] = /\bWHERE\b([\s\S]*)$/i.exec(sql) ?? []
  return condition === undefined ? '' : `WHERE ${condition}`
}

/** Rows are only looked at: a number that JavaScript cannot hold is no damage. */
function read(db: Database, query: string): ReturnType<Database['prepare']> {
  const statement = db.prepare(query)
  statement.setReadBigInts(true)
  return statement
}
