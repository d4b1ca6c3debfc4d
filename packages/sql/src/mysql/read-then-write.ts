import { CompiledQuery, type Kysely } from 'kysely'
import { untilUncontended } from '../transaction.ts'

/** With a place (`?`) for each value; never a value in its text. */
export type Statement = Readonly<{ text: string; values: readonly unknown[] }>

type Rows = readonly Readonly<Record<string, unknown>>[]

/** Characters of what goes to the server at once, about: it must fit into a packet, escaped. */
const CHARACTERS_TOGETHER = 1_000_000

/**
 * A transaction in two round trips: what is read, and what is written by it. For statements that run with everything that is written; on a server that is
 * busy or far away the way there and back takes longer than they do. Run again, as `transaction`, when the server undid it.
 * @param db opened with `scripts`
 * @param decide gets the rows of each read; undefined: nothing is written
 * @throws STORAGE_UNAVAILABLE, or STORAGE_UNCERTAIN when nobody knows whether it was done; STORAGE_BUSY
 */
export async function readThenWrite<Schema>(
  db: Kysely<Schema>,
  reads: readonly Statement[],
  decide: (found: readonly Rows[]) => Promise<readonly Statement[] | undefined> | readonly Statement[] | undefined,
): Promise<void> {
  await untilUncontended(() =>
    db.connection().execute(async (connection) => {
      const send = async (statements: readonly Statement[]): Promise<unknown[]> => {
        const text = statements.map((statement) => statement.text).join(';\n')
        const values = statements.flatMap((statement) => statement.values)
        return (await connection.executeQuery(CompiledQuery.raw(text, values))).rows
      }
      let isOpen = true
      try {
        const found = await send([{ text: 'START TRANSACTION', values: [] }, ...reads])
        const writes = await decide(found.slice(1) as Rows[])
        if (!writes) return
        for (const some of portionsOf(writes.concat({ text: 'COMMIT', values: [] }))) await send(some)
        isOpen = false
      } finally {
        // A connection that was lost has rolled back.
        if (isOpen) await send([{ text: 'ROLLBACK', values: [] }]).catch(() => undefined)
      }
    }),
  )
}

function* portionsOf(statements: readonly Statement[]): Iterable<Statement[]> {
  let portion: Statement[] = []
  let characters = 0
  for (const statement of statements) {
    const size = statement.values.reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      statement.text.length,
    )
    if (portion.length > 0 && characters + size > CHARACTERS_TOGETHER) {
      yield portion
      portion = []
      characters = 0
    }
    portion.push(statement)
    characters += size
  }
  yield portion
}
