/**
 * Loaded in the server and its threads with `--sabotage`: statements of the sabotage named in SABOTAGE do something else. They are
 * found by their text; when a text was changed, its sabotage breaks nothing, and its test fails.
 */
import { randomUUID } from 'node:crypto'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { SabotageName } from './table.ts'

type Result = ReturnType<StatementSync['run']>
type Rows = ReturnType<StatementSync['all']>
type Rule = {
  file: RegExp
  sql: RegExp
  /** Another text. */
  text?: (sql: string) => string
  run?: (run: (...args: SQLInputValue[]) => Result, args: SQLInputValue[], db: DatabaseSync) => Result
  all?: (rows: Rows) => Rows
}

const NOTHING: Result = { changes: 1, lastInsertRowid: 0 }

/** Does without every nth. */
const leaveOut = (nth: number): NonNullable<Rule['run']> => {
  let count = 0
  return (run, args) => (++count % nth === 0 ? NOTHING : run(...args))
}

const COMMIT_MS = 300
/** Until so many messages are written the rooms of the first round are there; after a kill it is a second, also where all is slow. */
const HONEST_MESSAGES = 40
let messages = 0
let late: ReturnType<typeof setTimeout> | undefined

/** The commit is reported; it comes later, with what came after it. */
const commitLater: NonNullable<Rule['run']> = (run, args) => {
  if (messages < HONEST_MESSAGES) return run(...args)
  late ??= setTimeout(() => {
    late = undefined
    run()
  }, COMMIT_MS).unref()
  return NOTHING
}

/** [topic, key, value JSON, …] */
const insertTwice = (nth: number): NonNullable<Rule['run']> => {
  let count = 0
  return (run, args) => {
    const first = run(...args)
    if (++count % nth !== 0) return first
    const again = JSON.parse(args[2] as string) as object
    return run(args[0]!, args[1]!, JSON.stringify({ ...again, event_id: randomUUID() }), ...args.slice(3))
  }
}

const withoutThird = (rows: Rows): Rows => rows.filter((_row, i) => i !== 2)
const OUTBOX = /^INSERT INTO outbox /i

const RULES: Partial<Record<SabotageName, readonly Rule[]>> = {
  'ack-before-commit': [
    {
      file: /chat\.db$/,
      sql: /^INSERT INTO messages /i,
      run(run, args) {
        messages++
        return run(...args)
      },
    },
    // In these letters they are the writer thread's.
    { file: /chat\.db$/, sql: /^COMMIT$/, run: commitLater },
    {
      file: /chat\.db$/,
      sql: /^BEGIN IMMEDIATE$/,
      run: (run, args, db) => (db.isTransaction ? NOTHING : run(...args)),
    },
  ],
  'double-store': [
    {
      file: /chat\.db$/,
      sql: /^CREATE UNIQUE INDEX messages_by_client_id/i,
      text: (sql) => sql.replace(/UNIQUE /i, ''),
    },
    {
      file: /chat\.db$/,
      sql: /^INSERT INTO messages /i,
      text: (sql) => sql.replace(/ON CONFLICT.*DO NOTHING/is, ''),
    },
  ],
  'silent-resume': [{ file: /chat\.db$/, sql: /r\.last_pos > \?/i, all: () => [] }],
  'resume-hole': [
    {
      file: /chat\.db$/,
      sql: /FROM messages WHERE room_id = \? AND seq >= \? AND seq < \? AND first_rev IS NULL/i,
      all: withoutThird,
    },
  ],
  'still-a-member': [{ file: /chat\.db$/, sql: /^DELETE FROM members WHERE/i, run: () => NOTHING }],
  miscount: [
    {
      file: /chat\.db$/,
      sql: /^SELECT read_seq FROM members WHERE .* ORDER BY read_seq$/i,
      all: (rows) => rows.slice(1),
    },
  ],
  'reads-forgotten': [{ file: /chat\.db$/, sql: /^UPDATE members SET read_seq = \?/i, run: leaveOut(3) }],
  'event-lost': [{ file: /chat\.db$/, sql: OUTBOX, run: leaveOut(20) }],
  'event-twice': [{ file: /chat\.db$/, sql: OUTBOX, run: insertTwice(20) }],
  'event-order': [
    { file: /chat\.db$/, sql: /^SELECT \* FROM outbox WHERE parked = 0/i, all: (rows) => rows.toReversed() },
  ],
  'block-ignored': [{ file: /chat\.db$/, sql: /^INSERT OR IGNORE INTO blocks/i, run: () => NOTHING }],
  'name-forgotten': [
    {
      file: /chat\.db$/,
      sql: /^INSERT INTO profiles /i,
      text: (sql) => sql.replace(/DO UPDATE SET.*$/is, 'DO NOTHING'),
    },
  ],
}

const rules = RULES[process.env['SABOTAGE'] as SabotageName] ?? []
// oxlint-disable-next-line typescript/unbound-method -- called with its database below
const prepare = DatabaseSync.prototype.prepare

DatabaseSync.prototype.prepare = function prepareSabotaged(this: DatabaseSync, sql, ...rest) {
  const file = this.location() ?? ''
  const rule = rules.find((one) => one.file.test(file) && one.sql.test(sql.trim()))
  const statement = prepare.call(this, rule?.text?.(sql) ?? sql, ...rest)
  if (!rule) return statement
  const { run, all } = rule
  if (run) {
    const original = statement.run.bind(statement) as (...args: SQLInputValue[]) => Result
    statement.run = (...args: unknown[]) => run(original, args as SQLInputValue[], this)
  }
  if (all) {
    const original = statement.all.bind(statement) as (...args: SQLInputValue[]) => Rows
    statement.all = (...args: unknown[]) => all(original(...(args as SQLInputValue[])))
  }
  return statement
}
