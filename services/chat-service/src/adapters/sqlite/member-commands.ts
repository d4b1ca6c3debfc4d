import type { DatabaseSync } from 'node:sqlite'
import { kinds } from '../../contract/event-kinds.ts'
import { decideAsking, decideEntrance, nextOwner, type Role } from '../../domain/room.ts'
import type { AcceptOutcome, AddOutcome, MembershipChange } from '../../ports.ts'
import type { Log, Result, Positioned } from './log.ts'
import { refused, type Change, type Membership } from './membership.ts'
import { toMember } from './rows.ts'

type Limits = { limit: number; rooms_limit?: number }
export type AddMembers = Change &
  Limits & { user_ids: readonly number[]; via: 'added' | 'invite'; ask_again_after?: number }
export type AcceptInvitation = MembershipChange & Limits & { room_id: number }
export type DeclineInvitation = { room_id: number; user_id: number; now: number }
export type RemoveMember = Change & { user_id: number; via: 'left' | 'removed' | 'closed' }
export type SetRole = Change & { user_id: number; role: Role }

/** Who comes into a group, who goes, and what they are in it. Who went out comes back by their own yes only. */
export function createMemberCommands(db: DatabaseSync, log: Log, membership: Membership) {
  const { join, tell, member, mayStill, stillOutranks, anyFull } = membership
  const allMembers = db.prepare('SELECT * FROM members WHERE room_id = ?')
  const deleteMember = db.prepare('DELETE FROM members WHERE room_id = ? AND user_id = ?')
  const remember = db.prepare(
    'INSERT OR REPLACE INTO former_members (user_id, room_id, left_pos, via) VALUES (?, ?, ?, ?)',
  )
  const formerly = db.prepare('SELECT via FROM former_members WHERE user_id = ? AND room_id = ?')
  const invitation = db.prepare('SELECT declined_at FROM invitations WHERE user_id = ? AND room_id = ?')
  const invite = db.prepare(
    'INSERT OR REPLACE INTO invitations (user_id, room_id, invited_by, created_at) VALUES (?, ?, ?, ?)',
  )
  const decline = db.prepare(
    'UPDATE invitations SET declined_at = ? WHERE user_id = ? AND room_id = ? AND declined_at IS NULL',
  )
  const withdrawBy = db.prepare('DELETE FROM invitations WHERE room_id = ? AND invited_by = ? AND declined_at IS NULL')
  const withdrawAll = db.prepare('DELETE FROM invitations WHERE room_id = ?')
  const head = db.prepare('SELECT member_count FROM rooms WHERE id = ?')

  const memberCount = (roomId: number) => Number(head.get(roomId)?.['member_count'] ?? 0)
  const wentOut = (roomId: number, userId: number) => {
    const row = formerly.get(userId, roomId)
    return row && (row['via'] as RemoveMember['via'] | null)
  }

  /** @returns whether they have an invitation now */
  function ask({ room_id, actor, now, ask_again_after }: AddMembers, userId: number): boolean {
    const earlier = invitation.get(userId, room_id) as { declined_at: number | null } | undefined
    const outcome = decideAsking(earlier, now, ask_again_after)
    if (outcome === 'asked') invite.run(userId, room_id, actor, now)
    return outcome !== 'too soon'
  }

  function enter(command: Change, userIds: readonly number[], via: 'added' | 'invite'): readonly Positioned[] {
    const { room_id, actor, now } = command
    const joined = join(room_id, userIds, 'member', now)
    const message = tell(command, { kind: 'member_joined', user_ids: userIds, via })
    log.publish(kinds.RoomMembersJoined.make({ room_id, user_id: actor, member_ids: [...userIds], via }, command), now)
    return [joined, message]
  }

  return {
    addMembers(command: AddMembers): Result<AddOutcome> {
      const { room_id, via, user_ids, limit } = command
      log.settle(room_id)
      const decision = decideEntrance({
        via,
        user_ids,
        limit,
        member_count: memberCount(room_id),
        isMember: (id) => member(room_id, id) !== undefined,
        wentOut: (id) => wentOut(room_id, id),
        mayAdd: mayStill(command, 'add'),
        mayRemove: mayStill(command, 'remove'),
        anyFull: (ids) => anyFull(ids, command.rooms_limit),
      })
      if (typeof decision === 'string') return { value: decision, committed: [] }
      const { added } = decision
      const invited = decision.toAsk.filter((id) => ask(command, id))
      return { value: { added, invited }, committed: added.length > 0 ? enter(command, added, via) : [] }
    },

    acceptInvitation(command: AcceptInvitation): Result<AcceptOutcome> {
      const { room_id, actor } = command
      const no = (value: AcceptOutcome) => ({ value, committed: [] })
      log.settle(room_id)
      if (member(room_id, actor)) return no('done')
      const waiting = invitation.get(actor, room_id)
      if (waiting?.['declined_at'] !== null || memberCount(room_id) === 0) return no('not_invited')
      if (memberCount(room_id) + 1 > command.limit) return no('full')
      if (anyFull([actor], command.rooms_limit)) return no('too_many_rooms')
      return { value: 'done', committed: enter(command, [actor], 'invite') }
    },

    declineInvitation({ room_id, user_id, now }: DeclineInvitation): Result<boolean> {
      return { value: decline.run(now, user_id, room_id).changes > 0, committed: [] }
    },

    removeMember(command: RemoveMember): Result<boolean | 'refused'> {
      const { room_id, user_id, via, now } = command
      const leaver = member(room_id, user_id)
      if (!leaver) return { value: false, committed: [] }
      if (via === 'removed' && !(mayStill(command, 'remove') && stillOutranks(command, user_id))) return refused
      log.settle(room_id)
      deleteMember.run(room_id, user_id)
      const left = membership.addToCount(room_id, -1)
      const heir = leaver.role === 'owner' ? nextOwner(allMembers.all(room_id).map((row) => toMember(row))) : undefined
      if (heir) membership.setRole(room_id, heir.user_id, 'owner')
      if (left['member_count'] === 0) withdrawAll.run(room_id)
      else if (via !== 'left') withdrawBy.run(room_id, user_id)
      const new_owner = heir?.user_id ?? null
      const message = tell(command, { kind: 'member_left', user_ids: [user_id], via, new_owner })
      const pos = log.nextPos()
      remember.run(user_id, room_id, pos, via)
      log.touch(room_id, pos)
      log.publish(kinds.RoomMemberLeft.make({ room_id, user_id, via, new_owner }, command), now)
      return { value: true, committed: [message, { kind: 'left', pos, room_id, user_ids: [user_id], reason: via }] }
    },

    setRole(command: SetRole): Result<'done' | 'refused'> {
      const { room_id, user_id, role, actor, now } = command
      if (!(mayStill(command, 'set_role') && stillOutranks(command, user_id))) return refused
      if (role === 'owner') membership.setRole(room_id, actor, 'admin')
      membership.setRole(room_id, user_id, role)
      const message = tell(command, { kind: 'role_changed', user_ids: [user_id], role })
      log.publish(kinds.RoomRoleChanged.make({ room_id, user_id, role }, command), now)
      return { value: 'done', committed: [message] }
    },
  }
}

export type MemberCommands = ReturnType<typeof createMemberCommands>
