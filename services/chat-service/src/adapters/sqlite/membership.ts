import type { DatabaseSync } from 'node:sqlite'
import { systemText, type SystemEvent } from '../../domain/message.ts'
import * as rules from '../../domain/room.ts'
import type { Member, Role, RoomAction } from '../../domain/room.ts'
import type { MembershipChange } from '../../ports.ts'
import { committedMessage, type Log, type Positioned } from './log.ts'
import { toMember } from './rows.ts'

export type Change = MembershipChange & { room_id: number }

export const refused = { value: 'refused', committed: [] } as const

/** What the commands on rooms and on their members share: rows of members, and the system message that tells of a change. */
export function createMembership(db: DatabaseSync, log: Log) {
  const insertMember = db.prepare(
    `INSERT INTO members (room_id, user_id, role, join_seq, join_pos, joined_at, read_seq) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const memberOf = db.prepare('SELECT * FROM members WHERE room_id = ? AND user_id = ?')
  const addToCount = db.prepare(
    'UPDATE rooms SET member_count = member_count + ? WHERE id = ? RETURNING member_count, last_seq',
  )
  const forget = db.prepare('DELETE FROM former_members WHERE user_id = ? AND room_id = ?')
  const forgetInvitation = db.prepare('DELETE FROM invitations WHERE user_id = ? AND room_id = ?')
  const setRole = db.prepare('UPDATE members SET role = ? WHERE room_id = ? AND user_id = ?')
  const profileName = db.prepare('SELECT display_name FROM profiles WHERE user_id = ?')
  const someRooms = db.prepare('SELECT count(*) AS n FROM (SELECT 1 FROM members WHERE user_id = ? LIMIT ?)')

  const nameOf = (userId: number): string =>
    (profileName.get(userId)?.['display_name'] as string | undefined) ?? `#${userId}`
  const member = (roomId: number, userId: number): Member | undefined => {
    const row = memberOf.get(roomId, userId)
    return row && toMember(row)
  }

  return {
    member,
    addToCount: (roomId: number, n: number) => addToCount.get(n, roomId)!,
    setRole: (roomId: number, userId: number, role: Role) => void setRole.run(role, roomId, userId),

    /** Whether one of them may be in no further room. */
    anyFull: (userIds: readonly number[], limit: number | undefined): boolean =>
      limit !== undefined && userIds.some((id) => Number(someRooms.get(id, limit)!['n']) >= limit),

    join: (
      roomId: number,
      userIds: readonly number[],
      role: Role,
      now: number,
    ): Extract<Positioned, { kind: 'joined' }> => {
      const pos = log.nextPos()
      const state = addToCount.get(userIds.length, roomId)!
      const join_seq = Number(state['last_seq'])
      for (const userId of userIds) {
        insertMember.run(roomId, userId, role, join_seq, pos, now, join_seq)
        forget.run(userId, roomId)
        forgetInvitation.run(userId, roomId)
      }
      log.touch(roomId, pos)
      return { kind: 'joined', pos, room_id: roomId, user_ids: userIds, join_seq }
    },

    /** The system message of a change, with the names of the moment. */
    tell: (change: Change, system: SystemEvent): Positioned => {
      const message = {
        room_id: change.room_id,
        user_id: change.actor,
        message_type: 'system',
        content: systemText(system, nameOf, change.actor),
        reply_to: null,
        file: null,
        client_message_id: null,
        system,
        now: change.now,
      } as const
      // Without a client_message_id nothing can stand in the way of the row.
      return committedMessage(message, log.append(message)!)
    },

    /** The use case has checked it; until this transaction the actor may have lost the role, or the room. */
    mayStill: ({ room_id, actor }: Pick<Change, 'room_id' | 'actor'>, action: RoomAction): boolean =>
      rules.mayStill(member(room_id, actor), action),
    stillOutranks: ({ room_id, actor }: Change, userId: number): boolean =>
      rules.stillOutranks(member(room_id, actor), member(room_id, userId)),
  }
}

export type Membership = ReturnType<typeof createMembership>
