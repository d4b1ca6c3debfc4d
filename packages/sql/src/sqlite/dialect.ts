import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { SqliteAdapter, SqliteDialect } from 'kysely'
import { mapSqliteError } from './errors.ts'

const MAX_STATEMENTS = 500

/** Kysely on node:sqlite. One connection; Kysely serialises transactions on it. */
export function createSqliteDialect(db: DatabaseSync): SqliteDialect {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = db.prepare(sql)
      if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value!)
      statements.set(sql, statement)
    }
    return statement
  }
  return new TransactionalSqliteDialect({
    database: {
      close: () => db.close(),
      prepare(sql) {
        const statement = guard(() => prepare(sql))
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => guard(() => statement.all(...bind(parameters))),
          run(parameters) {
            // A full disk makes SQLite roll back by itself; an error of Kysely's rollback would then hide the reason.
            if (sql === 'rollback' && !db.isTransaction) return { changes: 0, lastInsertRowid: 0 }
            return guard(() => statement.run(...bind(parameters)))
          },
          iterate: (parameters) => statement.iterate(...bind(parameters)),
        }
      },
    },
  })
}

/** SQLite can roll schema changes back; Kysely's adapter says it cannot, and then a failed migration would leave half of itself. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter()
  }
}

/** node:sqlite binds no booleans. */
const bind = (parameters: readonly unknown[]): SQLInputValue[] =>
  parameters.map((p) => (typeof p === 'boolean' ? Number(p) : (p as SQLInputValue)))

function guard<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw mapSqliteError(error)
  }
}
