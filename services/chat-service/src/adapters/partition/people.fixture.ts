import type { DatabaseSync } from 'node:sqlite'
import { createMessagingCommands } from '@bigtech/messaging/writer'
import type { Writer } from '@bigtech/sql'
import { directKey } from '../../domain/room.ts'
import type { FileStore } from '../../ports.ts'
import type { ChatCommands } from '../sqlite/commands.ts'
import { createFileCommands } from '../sqlite/file-commands.ts'
import type { Log, Result } from '../sqlite/log.ts'
import type { MemberCommands } from '../sqlite/member-commands.ts'
import { createPeopleCommands, ERASED_NAME, FORGET_NAME } from '../sqlite/people-commands.ts'
import { createFiles, createPeople } from '../sqlite/people.ts'
import { createProfileCache } from '../sqlite/profile-cache.ts'
import { createDailyCounts } from '../sqlite/quotas.ts'
import type { DailyQuotas, People, RoomDirectory } from './ports.ts'

/** What is not of the log, in the same database, by the statements of the embedded store. */
export function createOthers(
  db: DatabaseSync,
): Readonly<{ people: People; files: FileStore; directory: RoomDirectory; quotas: DailyQuotas }> {
  const messaging = createMessagingCommands(db)
  const log = { publish: (record, now) => messaging.enqueue([record], now) } satisfies Partial<Log> as Log
  // It is called by a command that is not used here.
  const noMembers = {} as MemberCommands
  const commands = { ...createPeopleCommands(db, log, noMembers, messaging.firstTime), ...createFileCommands(db) }
  const profiles = createProfileCache()
  const call = async (name: keyof typeof commands, argument: never): Promise<unknown> => {
    const result = (commands[name] as (argument: never) => Result<unknown>)(argument)
    profiles.observe(result)
    return result
  }
  const writer = { call } as unknown as Writer<ChatCommands>
  const daily = createDailyCounts(db)
  const groups = new Map<string, number>()
  return {
    files: createFiles(db, writer),
    people: {
      ...createPeople(db, writer, profiles),
      prepareClosure: async (event) => void (await writer.call('prepareClosure', event)),
      cancelClosure: async (event) => void (await writer.call('cancelClosure', event)),
      async forget({ event_id: eventId, user_id, now }) {
        if (!messaging.firstTime({ group: 'chat-service', eventId, now })) return
        const known = db.prepare('SELECT display_name FROM profiles WHERE user_id = ?').get(user_id)
        if (known) db.prepare(FORGET_NAME).run(known['display_name']!, ERASED_NAME, user_id)
        db.prepare(
          "INSERT OR REPLACE INTO profiles (user_id, username, display_name, active) VALUES (?, '', ?, 0)",
        ).run(user_id, ERASED_NAME)
        db.prepare('DELETE FROM blocks WHERE user_id = ?1 OR blocked_user_id = ?1').run(user_id)
        profiles.observe({ people: [user_id] })
      },
    },
    directory: {
      async newGroup(key) {
        const known = key === undefined ? undefined : groups.get(key)
        const id = known ?? Number(db.prepare('INSERT INTO directory (direct_key) VALUES (NULL)').run().lastInsertRowid)
        if (key !== undefined) groups.set(key, id)
        return id
      },
      async direct(userId, otherId) {
        const key = directKey(userId, otherId)
        const known = db.prepare('SELECT id FROM directory WHERE direct_key = ?').get(key)
        return Number(
          known?.['id'] ?? db.prepare('INSERT INTO directory (direct_key) VALUES (?)').run(key).lastInsertRowid,
        )
      },
    },
    quotas: { spend: async (userId, what, limit, now) => daily.spend(userId, what, limit, now) },
  }
}
