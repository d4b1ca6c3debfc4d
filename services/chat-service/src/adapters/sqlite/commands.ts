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
import { createSearchIndex, type SearchIndex } from './search-index.ts'

/** Messages indexed for search together: one at a time would cost four times as much each. */
const INDEXED_TOGETHER = 64
/** Of those that an upgrade left, with a commit: about half a millisecond, so that a server without a pause gets there too. */
const REINDEXED_TOGETHER = 16
/** A commit of so few commands may index as well, without an fsync of its own for that. */
const FEW = 16

function createCommands(db: DatabaseSync, heads: RoomHeads, search: SearchIndex) {
  const messaging = createMessagingCommands(db)
  const log = createLog(db, heads, messaging)
  const membership = createMembership(db, log)
  const members = createMemberCommands(db, log, membership)
  return {
    ...createRoomCommands(db, log, membership, createDailyCounts(db)),
    ...members,
    ...createMessageCommands(db, log, search),
    ...createPeopleCommands(db, log, members, messaging.firstTime),
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
  /** At most so many messages wait to be indexed, so far as this run knows. */
  let unindexed = 0
  /** An upgrade may have left messages that wait for the new index. */
  let outdated = true
  return {
    commands: createCommands(db, heads, search),
    beforeCommit(commands) {
      heads.flush()
      unindexed += commands
      if (commands > FEW) return
      // First what is remembered: when the index fails, the commands are run again, and must not meet the same fault.
      const reindex = outdated
      outdated = false
      if (reindex) outdated = search.reindexSome(REINDEXED_TOGETHER)
      if (unindexed < INDEXED_TOGETHER) return
      unindexed = 0
      if (search.indexSome(INDEXED_TOGETHER)) unindexed = INDEXED_TOGETHER
    },
    afterRollback: () => heads.forgetAll(),
    idleWork: () => search.indexSome(INDEXED_TOGETHER) || search.reindexSome(INDEXED_TOGETHER),
  }
}
