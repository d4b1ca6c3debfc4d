import type { DatabaseSync } from 'node:sqlite'
import type { WriterProgram } from './writer-protocol.ts'

/** What the writer tests run in the writer thread. Also counts the commits, by watching the statement that makes them. */
function createCommands(db: DatabaseSync) {
  let commits = 0
  const prepare = db.prepare.bind(db)
  db.prepare = (text) => {
    const statement = prepare(text)
    if (text === 'COMMIT') {
      const run = statement.run.bind(statement)
      statement.run = () => {
        commits++
        return run()
      }
    }
    return statement
  }
  const insert = prepare('INSERT INTO rows (id, body) VALUES (?, ?)')
  return {
    insert({ id, body = '' }: { id: number; body?: string }) {
      insert.run(id, body)
      return id
    },
    insertThenThrow({ id }: { id: number }) {
      insert.run(id, '')
      throw new Error(`refused ${id}`)
    },
    next() {
      const { id } = prepare('SELECT coalesce(max(id), 0) + 1 AS id FROM rows').get() as { id: number }
      insert.run(id, '')
      return id
    },
    commits: () => commits,
    pragma: ({ name }: { name: string }) => Object.values(prepare(`PRAGMA ${name}`).get() ?? {})[0],
    limitPages: ({ pages }: { pages: number }) => void prepare(`PRAGMA max_page_count=${pages}`).get(),
    end: () => process.exit(9),
  }
}

export type FixtureCommands = ReturnType<typeof createCommands>

export function createProgram(db: DatabaseSync): WriterProgram<FixtureCommands> {
  return { commands: createCommands(db) }
}
