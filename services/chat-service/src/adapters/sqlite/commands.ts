import type { DatabaseSync } from 'node:sqlite'
import { createMessagingCommands } from '@bigtech/messaging/writer'
import { probeStatement } from '@bigtech/sql/probe'
import { createFileCommands } from './file-commands.ts'
import { createLog, type Result } from './log.ts'
import { createMessageCommands } from './message-commands.ts'
import { createPeopleCommands } from './people-commands.ts'
import { createRoomCommands } from './room-commands.ts'
import { createSearchIndex } from './search-index.ts'

/** Everything that writes to chat.db; runs in the writer thread (packages/sql createWriter). */
export function createCommands(db: DatabaseSync) {
  const messaging = createMessagingCommands(db)
  const log = createLog(db, messaging)
  const search = createSearchIndex(db)
  const rooms = createRoomCommands(db, log)
  return {
    ...rooms,
    ...createMessageCommands(db, log, search),
    ...createPeopleCommands(db, log, rooms, messaging.firstTime),
    ...createFileCommands(db),
    ...messaging.commands,
    /** Fails when the disk is full or the file cannot be written. */
    probe: (): Result<null> => {
      db.exec(probeStatement())
      return { value: null, committed: [] }
    },
    /** @returns whether more is left to index */
    indexSome: (): Result<boolean> => ({ value: search.indexSome(), committed: [] }),
  }
}

export type ChatCommands = ReturnType<typeof createCommands>

/** Search indexing in the pauses of the writer. */
export function createIdleWork(db: DatabaseSync): () => boolean {
  const search = createSearchIndex(db)
  const pending = db.prepare('SELECT 1 FROM messages WHERE mid > (SELECT indexed_mid FROM store) LIMIT 1')
  return () => {
    if (!pending.get()) return false
    db.exec('BEGIN IMMEDIATE')
    const more = search.indexSome()
    db.exec('COMMIT')
    return more
  }
}
