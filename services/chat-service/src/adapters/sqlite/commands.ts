import type { DatabaseSync } from 'node:sqlite'
import { createMessagingCommands } from '@bigtech/messaging/writer'
import type { WriterProgram } from '@bigtech/sql'
import { probeStatement } from '@bigtech/sql/probe'
import { createFileCommands } from './file-commands.ts'
import { createLog, type Result } from './log.ts'
import { createMemberCommands } from './member-commands.ts'
import { createMembership } from './membership.ts'
import { createMessageCommands } from './message-commands.ts'
import { createPeopleCommands } from './people-commands.ts'
import { createDailyCounts } from './quotas.ts'
import { createRoomCommands } from './room-commands.ts'
import { createRoomHeads, type RoomHeads } from './room-heads.ts'
import { createSearchChanges } from './search-changes.ts'

function createCommands(db: DatabaseSync, heads: RoomHeads) {
  const messaging = createMessagingCommands(db)
  const log = createLog(db, heads, messaging)
  const membership = createMembership(db, log)
  const changes = createSearchChanges(db)
  const members = createMemberCommands(db, log, membership)
  return {
    ...createRoomCommands(db, log, membership, createDailyCounts(db)),
    ...members,
    ...createMessageCommands(db, log, changes),
    ...createPeopleCommands(db, log, members, messaging.firstTime),
    ...createFileCommands(db),
    ...changes.commands,
    ...messaging.commands,
    /** Fails when the disk is full or the file cannot be written. */
    probe: (): Result<null> => {
      db.exec(probeStatement())
      return { value: null, committed: [] }
    },
  }
}

export type ChatCommands = ReturnType<typeof createCommands>

/** Everything that writes to chat.db; runs in the writer thread (packages/sql createWriter). */
export function createProgram(db: DatabaseSync): WriterProgram<ChatCommands> {
  const heads = createRoomHeads(db)
  return {
    commands: createCommands(db, heads),
    beforeCommit: () => heads.flush(),
    afterRollback: () => heads.forgetAll(),
  }
}
