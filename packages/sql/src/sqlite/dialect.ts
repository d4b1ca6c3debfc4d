import type { DatabaseSync } from 'node:sqlite'
import { SqliteAdapter, SqliteDialect } from 'kysely'
import { guardStorage } from './errors.ts'
import { bind, createStatements } from './statements.ts'

/** Kysely on node:sqlite. One connection; Kysely serialises transactions on it. */
export function createSqliteDialect(db: DatabaseSync): SqliteDialect {
  const statements = createStatements(db)
  return new TransactionalSqliteDialect({
    database: {
      close: () => db.close(),
      prepare(sql) {
        const statement = guardStorage(() => statements.get(sql))
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => guardStorage(() => statement.all(...bind(parameters))),
          run(parameters) {
            // A full disk makes SQLite roll back by itself; an error of Kysely's rollback would then hide the reason.
            if (sql === 'rollback' && !db.isTransaction) return { changes: 0, lastInsertRowid: 0 }
            return guardStorage(() => statement.run(...bind(parameters)))
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
