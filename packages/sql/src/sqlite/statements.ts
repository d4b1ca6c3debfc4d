import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

const MAX_STATEMENTS = 500

export type Statements = { get(sql: string): StatementSync }

/** Prepared statements of a connection by their text; the oldest makes room. */
export function createStatements(db: DatabaseSync): Statements {
  const statements = new Map<string, StatementSync>()
  return {
    get(sql) {
      let statement = statements.get(sql)
      if (!statement) {
        statement = db.prepare(sql)
        if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value!)
        statements.set(sql, statement)
      }
      return statement
    },
  }
}

/** node:sqlite binds no booleans. */
export const bind = (parameters: readonly unknown[]): SQLInputValue[] =>
  parameters.map((p) => (typeof p === 'boolean' ? Number(p) : (p as SQLInputValue)))

/** `changes` and `insertId` only for statements that return no rows. */
export type Outcome = { rows: unknown[]; changes?: number | bigint; insertId?: number | bigint }

export function execute(statement: StatementSync, parameters: readonly unknown[]): Outcome {
  if (statement.columns().length > 0) return { rows: statement.all(...bind(parameters)) }
  const { changes, lastInsertRowid } = statement.run(...bind(parameters))
  return { rows: [], changes, insertId: lastInsertRowid }
}
