import type { DatabaseSync } from 'node:sqlite'
import { createMessagingCommands } from '@bigtech/messaging/writer'
import type { WriterProgram } from '@bigtech/sql'
import { probeStatement } from '@bigtech/sql/probe'
import { createFileCommands } from './file-commands.ts'
import { createLog, type Result } from './log.ts'
import { createMessageCommands } from './message-commands.ts'
import { createPeopleCommands } from './people-commands.ts'
import { createRoomCommands } from './room-commands.ts'
import { createRoomHeads, type RoomHeads } from './room-heads.ts'
import { createSearchIndex, type SearchIndex } from './search-index.ts'

/** A commit of few commands also indexes some messages for search, which costs no fsync of its own then. */
const INDEXED_PER_COMMAND = 4
const FEW = 16
const INDEXED_PER_PAUSE = 100

function createCommands(db: DatabaseSync, heads: RoomHeads, search: SearchIndex) {
  const messaging = createMessagingCommands(db)
  const log = createLog(db, heads, messaging)
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
    indexSome: (limit: number): Result<boolean> => ({ value: search.indexSome(limit), committed: [] }),
  }
}

export type ChatCommands = ReturnType<typeof createCommands>

/** Everything that writes to chat.db; runs in the writer thread (packages/sql createWriter). */
export function createProgram(db: DatabaseSync): WriterProgram<ChatCommands> {
  const heads = createRoomHeads(db)
  const search = createSearchIndex(db)
  return {
    commands: createCommands(db, heads, search),
    beforeCommit(commands) {
      heads.flush()
      if (commands <= FEW) search.indexSome(commands * INDEXED_PER_COMMAND)
    },
    afterRollback: () => heads.forgetAll(),
    idleWork: () => search.indexSome(INDEXED_PER_PAUSE),
  }
}
