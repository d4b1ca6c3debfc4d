import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { kinds } from '../../contract/event-kinds.ts'
import { directKey, withMuted, type RoomSettings } from '../../domain/room.ts'
import type { CreateOutcome, GroupLimits, MembershipChange, RoomCommands, SettingsChange } from '../../ports.ts'
import { settingsEvent } from '../room-events.ts'
import type { Log, Positioned, Result } from './log.ts'
import { refused, type Change, type Membership } from './membership.ts'
import type { DailyCounts } from './quotas.ts'
import { toMember } from './rows.ts'

export type OpenDirect = { user_id: number; other_id: number; now: number; traceparent: string; rooms_limit?: number }
export type CreateGroup = MembershipChange & {
  name: string | null
  member_ids: readonly number[]
  limits?: GroupLimits
}
export type SetInvite = {
  room_id: number
  actor: number
  code: string | null
  expires_at: number | null
  by?: { user_id: number; now: number; per_day: number }
}

export function createRoomCommands(db: DatabaseSync, log: Log, membership: Membership, daily: DailyCounts) {
  const { join, tell, mayStill, anyFull } = membership
  const findDirect = db.prepare('SELECT id FROM rooms WHERE direct_key = ?')
  const unhideOwn = db.prepare(
    'UPDATE members SET hidden = 0, settings_pos = ?1 WHERE room_id = ?2 AND user_id = ?3 AND hidden = 1 RETURNING *',
  )
  const insertRoom = db.prepare(
    'INSERT INTO rooms (type, name, direct_key, created_by, created_at, last_activity_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const memberOf = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id = ?')
  const setName = db.prepare('UPDATE rooms SET name = ? WHERE id = ?')
  const hide = db.prepare(
    `UPDATE members SET hidden = 1, join_seq = r.last_seq, read_seq = r.last_seq, read_pos = ?1, settings_pos = ?2
     FROM rooms r WHERE r.id = members.room_id AND members.room_id = ?3 AND members.user_id = ?4`,
  )
  const settings = db.prepare(
    'UPDATE members SET notify = ?, muted_until = ?, settings_pos = ? WHERE room_id = ? AND user_id = ?',
  )
  const setInvite = db.prepare('UPDATE rooms SET invite_code = ?, invite_expires_at = ? WHERE id = ?')

  return {
    openDirect({
      user_id,
      other_id,
      now,
      traceparent,
      rooms_limit,
    }: OpenDirect): Result<{ room_id: number; created: boolean } | 'too_many_rooms'> {
      const key = directKey(user_id, other_id)
      const existing = findDirect.get(key)
      if (existing) {
        const room_id = Number(existing['id'])
        log.settle(room_id)
        const pos = log.nextPos()
        const shown = unhideOwn.get(pos, room_id, user_id)
        if (!shown) return { value: { room_id, created: false }, committed: [] }
        log.touch(room_id, pos)
        return { value: { room_id, created: false }, committed: [settingsOf(shown, pos)] }
      }
      // The other one can always be written to.
      if (anyFull([user_id], rooms_limit)) return { value: 'too_many_rooms', committed: [] }
      const room_id = Number(insertRoom.run('direct', null, key, user_id, now, now).lastInsertRowid)
      const joined = join(room_id, [user_id, other_id], 'member', now)
      log.publish(
        kinds.ChatRoomCreated.make(
          { room_id, room_type: 'direct', name: null, created_by: user_id, member_ids: [user_id, other_id] },
          { now, traceparent },
        ),
        now,
      )
      return { value: { room_id, created: true }, committed: [joined] }
    },

    createGroup(command: CreateGroup): Result<CreateOutcome> {
      const { actor, name, member_ids, now, limits } = command
      if (member_ids.length + 1 > (limits?.members ?? Infinity)) return { value: 'full', committed: [] }
      if (anyFull([actor], limits?.rooms)) return { value: 'too_many_rooms', committed: [] }
      if (anyFull(member_ids, limits?.rooms)) return { value: 'too_many_rooms_of_others', committed: [] }
      if (!daily.spend(actor, 'group', limits?.per_day, now)) return { value: 'too_many_today', committed: [] }
      const room_id = Number(insertRoom.run('group', name, null, actor, now, now).lastInsertRowid)
      const everyone = [actor, ...member_ids]
      const joined = join(room_id, everyone, 'member', now)
      membership.setRole(room_id, actor, 'owner')
      const message = tell({ ...command, room_id }, { kind: 'room_created', user_ids: everyone })
      log.publish(
        kinds.ChatRoomCreated.make(
          { room_id, room_type: 'group', name, created_by: actor, member_ids: everyone },
          command,
        ),
        now,
      )
      return { value: { room_id }, committed: [joined, message] }
    },

    hideDirect({ room_id, user_id }: { room_id: number; user_id: number }): Result<null> {
      log.settle(room_id)
      const pos = log.nextPos()
      const before = memberOf.get(room_id, user_id)
      if (!before) return { value: null, committed: [] }
      const at = log.nextPos()
      hide.run(pos, at, room_id, user_id)
      log.touch(room_id, at)
      const row = memberOf.get(room_id, user_id)!
      const after = toMember(row)
      const old_read_seq = Number(before['read_seq'])
      const read = { kind: 'read', pos, room_id, user_id, old_read_seq, read_seq: after.read_seq } as const
      return {
        value: null,
        committed: after.read_seq > old_read_seq ? [read, settingsOf(row, at)] : [settingsOf(row, at)],
      }
    },

    /** An empty name: none. */
    rename(command: Change & { name: string }): Result<'done' | 'refused'> {
      if (!mayStill(command, 'rename')) return refused
      setName.run(command.name || null, command.room_id)
      const message = tell(command, { kind: 'room_renamed', name: command.name })
      log.publish(
        kinds.ChatRoomRenamed.make({ room_id: command.room_id, user_id: command.actor, name: command.name }, command),
        command.now,
      )
      return { value: 'done', committed: [message] }
    },

    setMuted: ({ muted, ...command }: SettingsChange & { muted: boolean }): Result<null> =>
      setSettings(command, (before) => withMuted(before, muted)),

    setSettings: ({ notify, muted_until, ...command }: SettingsChange & RoomSettings): Result<null> =>
      setSettings(command, () => ({ notify, muted_until })),

    setInvite(command: SetInvite): Result<Awaited<ReturnType<RoomCommands['setInvite']>>> {
      const { room_id, code, expires_at, by } = command
      if (!mayStill(command, 'invite')) return refused
      if (by && !daily.spend(by.user_id, 'invite_link', by.per_day, by.now))
        return { value: 'too_many_today', committed: [] }
      setInvite.run(code, expires_at, room_id)
      return { value: { code, expires_at }, committed: [] }
    },
  }

  function setSettings(command: SettingsChange, decide: (before: RoomSettings) => RoomSettings): Result<null> {
    const { room_id, user_id, now } = command
    const before = memberOf.get(room_id, user_id)
    if (!before) return { value: null, committed: [] }
    const { notify, muted_until } = decide(toMember(before))
    const pos = log.nextPos()
    settings.run(notify, muted_until, pos, room_id, user_id)
    log.touch(room_id, pos)
    log.publish(settingsEvent({ room_id, user_id, notify, muted_until }, command), now)
    return { value: null, committed: [settingsOf({ ...before, notify, muted_until }, pos)] }
  }
}

function settingsOf(row: Record<string, SQLOutputValue>, pos: number): Positioned {
  const { room_id, user_id, notify, muted_until, join_seq } = toMember(row)
  return { kind: 'settings', pos, room_id, user_id, notify, muted_until, hidden: row['hidden'] === 1, join_seq }
}
