import { chatErrors } from '../contract/errors.ts'
import { parseMessageId } from '../contract/ids.ts'
import type { MessageRow } from '../domain/message.ts'
import { missingRole, outranks, type Member, type Room, type RoomAction } from '../domain/room.ts'
import type { Memberships, MessageLog, Partner, Sender } from '../ports.ts'

/** A room, and the part of its history that somebody sees. */
export type Place = Pick<Member, 'room_id' | 'join_seq'>

/** The doors through which every use case reaches a room or a message. What passes is allowed to be seen. */

/** @throws ROOM_NOT_FOUND, NOT_A_MEMBER (the source's 403: that a room exists is no secret, what is in it is) */
export async function accessRoom(
  rooms: Memberships,
  roomId: number,
  userId: number,
): Promise<{ room: Room; me: Member }> {
  const found = await rooms.find(roomId, userId)
  if (!found) throw chatErrors.ROOM_NOT_FOUND()
  if (!found.me) throw chatErrors.NOT_A_MEMBER()
  return { room: found.room, me: found.me }
}

/**
 * Reads of a room what a member sees, who is one before and after it: reads follow one another, and meanwhile others may have been told that
 * somebody left. Who left and came back meanwhile reads anew.
 * @throws as accessRoom
 */
export async function readAsMember<T>(
  rooms: Memberships,
  { room_id, user_id }: Readonly<{ room_id: number; user_id: number }>,
  read: (found: { room: Room; me: Member }) => Promise<T>,
): Promise<T> {
  for (let found = await accessRoom(rooms, room_id, user_id); ;) {
    const answer = await read(found)
    const after = await accessRoom(rooms, room_id, user_id)
    if (after.me.join_seq === found.me.join_seq) return answer
    found = after
  }
}

/** A room where the caller may do this to the group itself. @throws GROUP_ONLY, ROLE_REQUIRED, and accessRoom's */
export async function accessGroup(
  rooms: Memberships,
  roomId: number,
  userId: number,
  action: RoomAction,
): Promise<{ room: Room; me: Member }> {
  const found = await accessRoom(rooms, roomId, userId)
  if (found.room.type !== 'group') throw chatErrors.GROUP_ONLY()
  const missing = missingRole(found.me, action)
  if (missing) throw chatErrors.ROLE_REQUIRED({ params: { role: missing } })
  return found
}

/** Another member of the group, over whom the caller has authority. */
export async function accessMember(rooms: Memberships, me: Member, userId: number): Promise<Member> {
  const target = await rooms.member(me.room_id, userId)
  if (!target) throw chatErrors.USER_NOT_FOUND()
  if (!outranks(me, target))
    throw chatErrors.ROLE_REQUIRED({ params: { role: target.role === 'member' ? 'admin' : 'owner' } })
  return target
}

/** Why the store refused a change that was allowed a moment before. @throws NOT_A_MEMBER, ROLE_REQUIRED, USER_NOT_FOUND */
export async function refuseChange(
  rooms: Memberships,
  roomId: number,
  userId: number,
  action: RoomAction,
): Promise<never> {
  await accessGroup(rooms, roomId, userId, action)
  throw chatErrors.USER_NOT_FOUND()
}

/** A message in the caller's time. One before it, or of another room, is not found. @throws MESSAGE_NOT_FOUND */
export async function accessMessage(messages: MessageLog, me: Place, messageId: string): Promise<MessageRow> {
  const place = parseMessageId(messageId)
  const row =
    place?.room_id === me.room_id && place.seq > me.join_seq ? await messages.get(me.room_id, place.seq) : undefined
  if (!row) throw chatErrors.MESSAGE_NOT_FOUND()
  return row
}

/** Whether this member may write in the room now. @throws BLOCKED, PARTNER_GONE (direct rooms only) */
export async function accessWriting(rooms: Memberships, room: Room, userId: number): Promise<void> {
  if (room.type === 'direct') allowWriting(await rooms.partner(room.id, userId))
}

/** Both doors a new message goes through, at the price of one. @throws as those two */
export const accessSending = (rooms: Memberships, roomId: number, userId: number): Promise<Place> =>
  rooms.sender(roomId, userId).then(allowSending)

function allowSending(sender: Sender | undefined): Place {
  if (!sender) throw chatErrors.ROOM_NOT_FOUND()
  if (!sender.me) throw chatErrors.NOT_A_MEMBER()
  if (sender.room_type === 'direct') allowWriting(sender.partner)
  return sender.me
}

function allowWriting(partner: Partner | undefined): void {
  if (!partner?.active) throw chatErrors.PARTNER_GONE()
  if (!partner.blocked) return
  // Whoever was blocked is not told: it is as if the other one were gone.
  throw partner.blocked_by_me ? chatErrors.BLOCKED() : chatErrors.PARTNER_GONE()
}
