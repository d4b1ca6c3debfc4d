import type { DatabaseSync } from 'node:sqlite'
import { parentPort } from 'node:worker_threads'
import { joinStartupGarbage } from '@bigtech/kernel/startup-garbage'
import { plainError } from './errors.ts'
import { openSqlite } from './open.ts'
import { createStatements, execute, type Outcome, type Statements } from './statements.ts'

/** One file is one `db` number, given by the caller. Requests are answered in their order. */
export type Request =
  | { id: number; do: 'open'; db: number; file: string }
  | { id: number; do: 'execute'; db: number; sql: string; parameters: readonly unknown[] }
  | { id: number; do: 'close'; db: number }
export type Answer = { id: number; outcome: Outcome } | { id: number; error: unknown }

const databases = new Map<number, { db: DatabaseSync; statements: Statements }>()

joinStartupGarbage()

parentPort!.on('message', (request: Request) => {
  let answer: Answer
  try {
    answer = { id: request.id, outcome: handle(request) }
  } catch (error) {
    answer = { id: request.id, error: plainError(error) }
  }
  parentPort!.postMessage(answer)
})

function handle(request: Request): Outcome {
  if (request.do === 'open') {
    const db = openSqlite(request.file)
    databases.set(request.db, { db, statements: createStatements(db) })
    return { rows: [] }
  }
  const { db, statements } = databases.get(request.db)!
  if (request.do === 'close') {
    databases.delete(request.db)
    db.close()
    return { rows: [] }
  }
  // A full disk makes SQLite roll back by itself; an error of the rollback that follows would hide the reason.
  if (request.sql === 'rollback' && !db.isTransaction) return { rows: [] }
  return execute(statements.get(request.sql), request.parameters)
}
