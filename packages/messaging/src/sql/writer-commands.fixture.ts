import type { DatabaseSync } from 'node:sqlite'
import type { WriterProgram } from '@bigtech/sql'
import type { EventRecord } from '../ports.ts'
import { createMessagingCommands } from './sqlite-writer.ts'

/** A service's commands as they run in its writer thread: a change and its events, or an effect and its inbox row. */
function createCommands(db: DatabaseSync) {
  const messaging = createMessagingCommands(db)
  const insert = db.prepare('INSERT INTO effects (name) VALUES (?)')
  return {
    ...messaging.commands,
    change({ name, records, now }: { name: string; records: EventRecord[]; now: number }): void {
      messaging.enqueue(records, now)
      insert.run(name)
    },
    effect({ name, ...event }: { name: string; group: string; eventId: string; now: number }): boolean {
      if (!messaging.firstTime(event)) return false
      insert.run(name)
      return true
    },
  }
}

export type FixtureCommands = ReturnType<typeof createCommands>

export const createProgram = (db: DatabaseSync): WriterProgram<FixtureCommands> => ({ commands: createCommands(db) })
