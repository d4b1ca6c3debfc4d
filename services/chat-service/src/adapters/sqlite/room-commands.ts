import type { DatabaseSync } from 'node:sqlite'
import type { EventRecord } from '@bigtech/messaging'
import { kinds } from '../../contract/event-kinds.ts'
import type { SystemEvent } from '../../domain/message.ts'
import { directKey, missingRole, nextOwner, outranks, type Role, type RoomAction } from '../../domain/room.ts'
import type { Committed, MembershipChange } from '../../ports.ts'
import { committedMessage, type Log, type Result } from './log.ts'
import { toMember } from './rows.ts'

type Change = MembershipChange & { room_id: number }
export type OpenDirect = { user_id: number; other_id: number; now: number; traceparent: string }
export type CreateGroup = MembershipChange & { name: string; member_ids: readonly number[] }
export type AddMembers = Change & { user_ids: readonly number[]; via: 'added' | 'invite'; limit: number }
export type RemoveMember = Change & { user_id: number; via: 'left' | 'removed' | 'closed' }
export type SetRole = Change & { user_id: number; role: Role }

export function createRoomCommands(db: DatabaseSync, log: Log) {
  const findDirect = db.prepare('SELECT id FROM rooms WHERE direct_key = ?')
  const unhideOwn = db.prepare(
    'UPDATE members SET hidden = 0, settings_pos = ?1 WHERE room_id = ?2 AND user_id = ?3 AND hidden = 1 RETURNING *',
  )
  const insertRoom = db.prepare(
    'INSERT INTO rooms (type, name, direct_key, created_by, created_at, last_activity_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const insertMember = db.prepare(
    `INSERT INTO members (room_id, user_id, role, join_seq, join_pos, joined_at, read_seq) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const isMember = db.prepare('SELECT 1 FROM members WHERE room_id = ? AND user_id = ?')
  const memberOf = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id = ?')
  const allMembers = db.prepare('SELECT * FROM members WHERE room_id = ?')
  const deleteMember = db.prepare('DELETE FROM members WHERE room_id = ? AND user_id = ?')
  const addToCount = db.prepare(
    'UPDATE rooms SET member_count = member_count + ? WHERE id = ? RETURNING member_count, last_seq',
  )
  const remember = db.prepare('INSERT OR REPLACE INTO former_members (user_id, room_id, left_pos) VALUES (?, ?, ?)')
  const forget = db.prepare('DELETE FROM former_members WHERE user_id = ? AND room_id = ?')
  const setRoleOf = db.prepare('UPDATE members SET role = ? WHERE room_id = ? AND user_id = ?')
  const setName = db.prepare('UPDATE rooms SET name = ? WHERE id = ?')
  const hide = db.prepare(
    `UPDATE members SET hidden = 1, join_seq = r.last_seq, read_seq = r.last_seq, read_pos = ?1, settings_pos = ?2
     FROM rooms r WHERE r.id = members.room_id AND members.room_id = ?3 AND members.user_id = ?4`,
  )
  const mute = db.prepare('UPDATE members SET muted = ?, settings_pos = ? WHERE room_id = ? AND user_id = ?')
  const setInvite = db.prepare('UPDATE rooms SET invite_code = ?, invite_expires_at = ? WHERE id = ?')
  const head = db.prepare('SELECT last_seq, member_count FROM rooms WHERE id = ?')

  function join(
    roomId: number,
    userIds: readonly number[],
    role: Role,
    now: number,
  ): Extract<Committed, { kind: 'joined' }> {
    const pos = log.nextPos()
    const state = addToCount.get(userIds.length, roomId)!
    const join_seq = Number(state['last_seq'])
    for (const userId of userIds) {
      insertMember.run(roomId, userId, role, join_seq, pos, now, join_seq)
      forget.run(userId, roomId)
    }
    log.touch(roomId, pos)
    return { kind: 'joined', pos, room_id: roomId, user_ids: userIds, join_seq }
  }

  const tell = (change: Change, system: SystemEvent): Committed => {
    const message = {
      room_id: change.room_id,
      user_id: change.actor,
      message_type: 'system',
      content: change.text,
      reply_to: null,
      file: null,
      client_message_id: null,
      system,
      now: change.now,
    } as const
    // Without a client_message_id nothing can stand in the way of the row.
    return committedMessage(message, log.append(message)!)
  }

  const publish = (record: EventRecord, now: number) => log.publish(record, now)

  const refused = { value: 'refused', committed: [] } as const
  const member = (roomId: number, userId: number) => {
    const row = memberOf.get(roomId, userId)
    return row && toMember(row)
  }
  /** The use case has checked it; until this transaction the actor may have lost the role, or the room. */
  const mayStill = ({ room_id, actor }: Change, action: RoomAction): boolean => {
    const me = member(room_id, actor)
    return me !== undefined && missingRole(me, action) === undefined
  }
  const stillOutranks = ({ room_id, actor }: Change, userId: number): boolean => {
    const [me, other] = [member(room_id, actor), member(room_id, userId)]
    return me !== undefined && other !== undefined && outranks(me, other)
  }

  return {
    openDirect({ user_id, other_id, now, traceparent }: OpenDirect): Result<{ room_id: number; created: boolean }> {
      const key = directKey(user_id, other_id)
      const existing = findDirect.get(key)
      if (existing) {
        const room_id = Number(existing['id'])
        log.settle(room_id)
        const pos = log.nextPos()
        const shown = unhideOwn.get(pos, room_id, user_id)
        if (!shown) return { value: { room_id, created: false }, committed: [] }
        log.touch(room_id, pos)
        const { muted, join_seq } = toMember(shown)
        const settings = { kind: 'settings', pos, room_id, user_id, muted, hidden: false, join_seq } as const
        return { value: { room_id, created: false }, committed: [settings] }
      }
      const room_id = Number(insertRoom.run('direct', null, key, user_id, now, now).lastInsertRowid)
      const joined = join(room_id, [user_id, other_id], 'member', now)
      publish(
        kinds.ChatRoomCreated.make(
          { room_id, room_type: 'direct', name: null, created_by: user_id, member_ids: [user_id, other_id] },
          { now, traceparent },
        ),
        now,
      )
      return { value: { room_id, created: true }, committed: [joined] }
    },

    createGroup(command: CreateGroup): Result<{ room_id: number }> {
      const { actor, name, member_ids, now } = command
      const room_id = Number(insertRoom.run('group', name, null, actor, now, now).lastInsertRowid)
      const everyone = [actor, ...member_ids]
      const joined = join(room_id, everyone, 'member', now)
      setRoleOf.run('owner', room_id, actor)
      const message = tell({ ...command, room_id }, { kind: 'room_created', user_ids: everyone })
      publish(
        kinds.ChatRoomCreated.make(
          { room_id, room_type: 'group', name, created_by: actor, member_ids: everyone },
          command,
        ),
        now,
      )
      return { value: { room_id }, committed: [joined, message] }
    },

    addMembers(command: AddMembers): Result<{ added: readonly number[] } | 'full' | 'refused'> {
      const { room_id, via, now } = command
      if (via === 'added' && !mayStill(command, 'add')) return refused
      log.settle(room_id)
      const added = command.user_ids.filter((id) => !isMember.get(room_id, id))
      if (added.length === 0) return { value: { added }, committed: [] }
      if (Number(head.get(room_id)!['member_count']) + added.length > command.limit)
        return { value: 'full', committed: [] }
      const joined = join(room_id, added, 'member', now)
      const message = tell(command, { kind: 'member_joined', user_ids: added, via })
      publish(
        kinds.RoomMembersJoined.make({ room_id, user_id: command.actor, member_ids: [...added], via }, command),
        now,
      )
      return { value: { added }, committed: [joined, message] }
    },

    removeMember(command: RemoveMember): Result<boolean | 'refused'> {
      const { room_id, user_id, via, now } = command
      const leaver = member(room_id, user_id)
      if (!leaver) return { value: false, committed: [] }
      if (via === 'removed' && !(mayStill(command, 'remove') && stillOutranks(command, user_id))) return refused
      log.settle(room_id)
      deleteMember.run(room_id, user_id)
      addToCount.get(-1, room_id)
      const heir = leaver.role === 'owner' ? nextOwner(allMembers.all(room_id).map(toMember)) : undefined
      if (heir) setRoleOf.run('owner', room_id, heir.user_id)
      const new_owner = heir?.user_id ?? null
      const message = tell(command, { kind: 'member_left', user_ids: [user_id], via, new_owner })
      const pos = log.nextPos()
      remember.run(user_id, room_id, pos)
      log.touch(room_id, pos)
      publish(kinds.RoomMemberLeft.make({ room_id, user_id, via, new_owner }, command), now)
      return { value: true, committed: [message, { kind: 'left', pos, room_id, user_ids: [user_id], reason: via }] }
    },

    hideDirect({ room_id, user_id }: { room_id: number; user_id: number }): Result<null> {
      log.settle(room_id)
      const pos = log.nextPos()
      const before = memberOf.get(room_id, user_id)
      if (!before) return { value: null, committed: [] }
      const at = log.nextPos()
      hide.run(pos, at, room_id, user_id)
      log.touch(room_id, at)
      const after = toMember(memberOf.get(room_id, user_id)!)
      const old_read_seq = Number(before['read_seq'])
      const settings = {
        kind: 'settings',
        pos: at,
        room_id,
        user_id,
        muted: after.muted,
        hidden: true,
        join_seq: after.join_seq,
      } as const
      const read = { kind: 'read', pos, room_id, user_id, old_read_seq, read_seq: after.read_seq } as const
      return { value: null, committed: after.read_seq > old_read_seq ? [read, settings] : [settings] }
    },

    rename(command: Change & { name: string }): Result<'done' | 'refused'> {
      if (!mayStill(command, 'rename')) return refused
      setName.run(command.name, command.room_id)
      const message = tell(command, { kind: 'room_renamed', name: command.name })
      publish(
        kinds.ChatRoomRenamed.make({ room_id: command.room_id, user_id: command.actor, name: command.name }, command),
        command.now,
      )
      return { value: 'done', committed: [message] }
    },

    setRole(command: SetRole): Result<'done' | 'refused'> {
      const { room_id, user_id, role, actor, now } = command
      if (!(mayStill(command, 'set_role') && stillOutranks(command, user_id))) return refused
      if (role === 'owner') setRoleOf.run('admin', room_id, actor)
      setRoleOf.run(role, room_id, user_id)
      const message = tell(command, { kind: 'role_changed', user_ids: [user_id], role })
      publish(kinds.RoomRoleChanged.make({ room_id, user_id, role }, command), now)
      return { value: 'done', committed: [message] }
    },

    setMuted({ room_id, user_id, muted }: { room_id: number; user_id: number; muted: boolean }): Result<null> {
      const pos = log.nextPos()
      mute.run(muted ? 1 : 0, pos, room_id, user_id)
      log.touch(room_id, pos)
      const row = memberOf.get(room_id, user_id)
      if (!row) return { value: null, committed: [] }
      const { join_seq } = toMember(row)
      return {
        value: null,
        committed: [{ kind: 'settings', pos, room_id, user_id, muted, hidden: row['hidden'] === 1, join_seq }],
      }
    },

    setInvite({
      room_id,
      code,
      expires_at,
    }: {
      room_id: number
      code: string | null
      expires_at: number | null
    }): Result<null> {
      setInvite.run(code, expires_at, room_id)
      return { value: null, committed: [] }
    },
  }
}

export type RoomCommands = ReturnType<typeof createRoomCommands>
