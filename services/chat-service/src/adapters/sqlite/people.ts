import type { DatabaseSync } from 'node:sqlite'
import type { Writer } from '@bigtech/sql'
import type { ClosureStore, FileStore, PeopleReadModel, Profile } from '../../ports.ts'
import type { ChatCommands } from './commands.ts'
import type { ProfileCache } from './profile-cache.ts'
import { toStoredFile, toUsage } from './rows.ts'

export function createPeople(db: DatabaseSync, writer: Writer<ChatCommands>, known: ProfileCache): PeopleReadModel {
  const profiles = db.prepare('SELECT * FROM profiles WHERE user_id IN (SELECT value FROM json_each(?))')
  const blockedBy = db.prepare('SELECT 1 FROM blocks WHERE user_id = ?1 AND blocked_user_id = ?2')
  const highest = db.prepare('SELECT max(user_id) AS id FROM profiles')
  const block = db.prepare(
    'SELECT 1 FROM blocks WHERE (user_id = ?1 AND blocked_user_id = ?2) OR (user_id = ?2 AND blocked_user_id = ?1)',
  )
  return {
    highestId: async () => Number(highest.get()!['id'] ?? 0),
    async profiles(userIds) {
      const found = new Map<number, Profile>()
      const missing: number[] = []
      for (const id of userIds) {
        const profile = known.get(id)
        if (profile) found.set(id, profile)
        else missing.push(id)
      }
      if (missing.length === 0) return found
      for (const row of profiles.all(JSON.stringify(missing))) {
        const profile: Profile = {
          user_id: Number(row['user_id']),
          username: row['username'] as string,
          display_name: row['display_name'] as string,
          profile_image_url: row['profile_image_url'] as string | null,
          active: row['active'] === 1,
        }
        known.remember(profile)
        found.set(profile.user_id, profile)
      }
      return found
    },
    isLatest: (profile) => known.get(profile.user_id) === profile,
    blocked: async (a, b) => block.get(a, b) !== undefined,
    hasBlocked: async (by, other) => blockedBy.get(by, other) !== undefined,
    applyProfile: async (event) => void (await writer.call('applyProfile', event)),
    applyBlock: async (event) => void (await writer.call('applyBlock', event)),
  }
}

export function createFiles(db: DatabaseSync, writer: Writer<ChatCommands>): FileStore {
  const get = db.prepare('SELECT * FROM files WHERE id = ?')
  const usage = db.prepare('SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM files WHERE owner_id = ?')
  const total = db.prepare('SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM files')
  const largest = db.prepare(
    'SELECT owner_id, count(*) AS files, sum(size) AS bytes FROM files GROUP BY owner_id ORDER BY bytes DESC, owner_id LIMIT ?',
  )
  const visible = db.prepare(
    `SELECT 1 FROM attachments a JOIN members m ON m.room_id = a.room_id AND m.user_id = ?2 AND a.seq > m.join_seq WHERE a.file_id = ?1`,
  )
  return {
    add: async (file, limits) => (await writer.call('addFile', limits ? { file, limits } : { file })).value,
    usage: async (userId) => toUsage(usage.get(userId)!),
    largestUsages: async (limit) => ({
      total: toUsage(total.get()!),
      accounts: largest.all(limit).map((row) => ({ user_id: Number(row['owner_id']), ...toUsage(row) })),
    }),
    async get(id) {
      const row = get.get(id)
      return row && toStoredFile(row)
    },
    async visibleTo(id, userId) {
      return get.get(id)?.['owner_id'] === userId || visible.get(id, userId) !== undefined
    },
    takeOrphans: async (before, limit) => (await writer.call('takeOrphans', { before, limit })).value,
  }
}

export function createClosures(writer: Writer<ChatCommands>): ClosureStore {
  return {
    prepare: async (event) => void (await writer.call('prepareClosure', event)),
    cancel: async (event) => void (await writer.call('cancelClosure', event)),
    erase: async (event) => void (await writer.call('eraseUser', event)),
  }
}
