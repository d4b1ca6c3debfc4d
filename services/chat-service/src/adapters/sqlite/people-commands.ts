import type { DatabaseSync } from 'node:sqlite'
import { kinds } from '../../contract/event-kinds.ts'
import { nameKey } from '../../domain/mention.ts'
import type { Profile } from '../../ports.ts'
import type { Log, Result, Positioned } from './log.ts'
import type { MemberCommands } from './member-commands.ts'

type Event = { event_id: string; now: number }
export type ApplyProfile = Event & { user_id: number; profile: Omit<Profile, 'user_id'> }
export type ApplyBlock = Event & { user_id: number; blocked_user_id: number; blocked: boolean }
export type Closure = Event & { user_id: number; saga_id: string; traceparent: string }

const GROUP = 'chat-service'
export const ERASED_NAME = '탈퇴한 사용자'
/** System messages name people as they were called then. ?1: so; ?2: instead; ?3: who. */
export const FORGET_NAME = `UPDATE messages SET content = replace(content, ?1, ?2)
  WHERE message_type = 'system' AND (user_id = ?3 OR system ->> '$.new_owner' = ?3
    OR EXISTS (SELECT 1 FROM json_each(system, '$.user_ids') WHERE value = ?3))`

/** Effects of other services' events. Each happens once per event id (inbox), in the transaction of its effect. */
export function createPeopleCommands(
  db: DatabaseSync,
  log: Log,
  members: MemberCommands,
  firstTime: (event: { group: string; eventId: string; now: number }) => boolean,
) {
  const prune = db.prepare('DELETE FROM inbox WHERE processed_at < ?')
  const upsertProfile = db.prepare(
    `INSERT INTO profiles (user_id, username, username_key, display_name, profile_image_url, active) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, username_key = excluded.username_key, display_name = excluded.display_name,
       profile_image_url = excluded.profile_image_url, active = excluded.active`,
  )
  const setActive = db.prepare('UPDATE profiles SET active = ? WHERE user_id = ?')
  const profileName = db.prepare('SELECT display_name FROM profiles WHERE user_id = ?')
  const addBlock = db.prepare('INSERT OR IGNORE INTO blocks (user_id, blocked_user_id) VALUES (?, ?)')
  const removeBlock = db.prepare('DELETE FROM blocks WHERE user_id = ? AND blocked_user_id = ?')
  const forgetBlocks = db.prepare('DELETE FROM blocks WHERE user_id = ?1 OR blocked_user_id = ?1')
  const forgetInvitations = db.prepare('DELETE FROM invitations WHERE user_id = ?')
  const groupsOf = db.prepare(
    `SELECT m.room_id FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = ? AND r.type = 'group'`,
  )
  const forgetName = db.prepare(FORGET_NAME)
  const INBOX_KEPT_MS = 14 * 86_400_000

  const once = (userId: number, event: Event, effect: () => readonly Positioned[]): Result<boolean> => {
    if (!firstTime({ group: GROUP, eventId: event.event_id, now: event.now })) return { value: false, committed: [] }
    return { value: true, committed: effect(), people: [userId] }
  }

  return {
    applyProfile: ({ user_id, profile, ...event }: ApplyProfile) =>
      once(user_id, event, () => {
        upsertProfile.run(
          user_id,
          profile.username,
          nameKey(profile.username),
          profile.display_name,
          profile.profile_image_url,
          profile.active ? 1 : 0,
        )
        return []
      }),

    applyBlock: ({ user_id, blocked_user_id, blocked, ...event }: ApplyBlock) =>
      once(user_id, event, () => {
        ;(blocked ? addBlock : removeBlock).run(user_id, blocked_user_id)
        return []
      }),

    /** Saga: nothing here can refuse a closure; the account is set aside until it is final or cancelled. */
    prepareClosure: ({ user_id, saga_id, traceparent, ...event }: Closure) =>
      once(user_id, event, () => {
        setActive.run(0, user_id)
        const reply = kinds.UserClosurePrepared.make(
          { user_id, saga_id, service: 'chat-service' },
          { now: event.now, traceparent },
        )
        log.publish(reply, event.now)
        return []
      }),

    cancelClosure: ({ user_id, ...event }: Event & { user_id: number }) =>
      once(user_id, event, () => {
        setActive.run(1, user_id)
        return []
      }),

    eraseUser: ({ user_id, traceparent, ...event }: Event & { user_id: number; traceparent: string }) =>
      once(user_id, event, () => {
        const known = profileName.get(user_id)?.['display_name']
        if (typeof known === 'string') forgetName.run(known, ERASED_NAME, user_id)
        // First: what is told of their leaving has no other name of theirs.
        upsertProfile.run(user_id, '', '', ERASED_NAME, null, 0)
        forgetInvitations.run(user_id)
        const committed: Positioned[] = []
        for (const row of groupsOf.all(user_id)) {
          const command = {
            room_id: Number(row['room_id']),
            user_id,
            actor: user_id,
            via: 'closed' as const,
            now: event.now,
            traceparent,
          }
          committed.push(...members.removeMember(command).committed)
        }
        forgetBlocks.run(user_id)
        return committed
      }),

    pruneInbox({ now }: { now: number }): Result<null> {
      prune.run(now - INBOX_KEPT_MS)
      return { value: null, committed: [] }
    },
  }
}
