import { isoTime } from '@bigtech/kernel'
import { chatErrors } from '../contract/errors.ts'
import type { MemberView, RoomView } from '../contract/schemas.ts'
import { unreadCount, type Member, type RoomSettings } from '../domain/room.ts'
import { viewMessage } from '../domain/view.ts'
import type { Memberships, PeopleReadModel, Profile, RoomListEntry, RoomQueries } from '../ports.ts'
import { viewerNames, type ViewerName } from './room-name.ts'

/** `muted` is what clients knew of before there was more to choose. */
export const viewSettings = ({ notify, muted_until }: RoomSettings) => ({
  muted: notify === 'none',
  notify,
  muted_until: muted_until === null ? null : isoTime(muted_until),
})

export type RoomViewPorts = { rooms: Memberships & RoomQueries; people: PeopleReadModel }

/** Members shown inside a single room; larger rooms have the members endpoint. */
const MEMBERS_SHOWN = 100

const UNKNOWN = { username: '', display_name: '알 수 없음', profile_image_url: null }

export function viewMember(member: Member, profile: Profile | undefined): MemberView {
  const { username, display_name, profile_image_url } = profile ?? UNKNOWN
  const { user_id, role, join_seq, read_seq } = member
  return {
    user_id,
    username,
    display_name,
    profile_image_url,
    role,
    join_seq,
    joined_at: isoTime(member.joined_at),
    read_seq,
  }
}

/** `people`: all whose profile shows in the view; undefined for one who is not known (yet). */
export type ListedRoom = Readonly<{ view: RoomView; people: readonly (Profile | undefined)[] }>

/** The rooms of a list. Groups show their number of members only; direct rooms both members. */
export async function viewRoomList(ports: RoomViewPorts, entries: readonly RoomListEntry[]): Promise<ListedRoom[]> {
  const ids = entries.flatMap(({ me, partner }) => (partner ? [me.user_id, partner.user_id] : []))
  const profiles = await ports.people.profiles([...new Set(ids)])
  const names = await namesOfUnnamed(ports, entries)
  return entries.map((entry) => {
    const { me, partner, room } = entry
    const both = partner ? [me, partner] : []
    const members = both.map((member) => viewMember(member, profiles.get(member.user_id)))
    return {
      view: viewEntry(entry, members, names),
      people: names.get(room.id)?.people ?? both.map((member) => profiles.get(member.user_id)),
    }
  })
}

/** One room as its member sees it. @throws NOT_A_MEMBER (one may have been removed since the room was accessed) */
export async function viewRoom(ports: RoomViewPorts, roomId: number, userId: number): Promise<RoomView> {
  const entry = await ports.rooms.listed(roomId, userId)
  if (!entry) throw chatErrors.NOT_A_MEMBER()
  const page = await ports.rooms.memberPage({ room_id: roomId, after_user_id: 0, limit: MEMBERS_SHOWN })
  const shown = page.some((member) => member.user_id === userId) ? page : [entry.me, ...page]
  const profiles = await ports.people.profiles(shown.map((member) => member.user_id))
  return viewEntry(
    entry,
    shown.map((member) => viewMember(member, profiles.get(member.user_id))),
    await namesOfUnnamed(ports, [entry]),
  )
}

async function namesOfUnnamed(ports: RoomViewPorts, entries: readonly RoomListEntry[]) {
  const unnamed = entries.filter(({ room }) => room.type === 'group' && room.name === null)
  return viewerNames(
    ports,
    entries[0]?.me.user_id ?? 0,
    unnamed.map(({ room }) => room.id),
  )
}

function viewEntry(
  { room, me, partner, last, last_unread, uncounted, mentioned, hidden, last_activity_at }: RoomListEntry,
  members: MemberView[],
  names: ReadonlyMap<number, ViewerName>,
): RoomView {
  const partnerName = members.find((member) => member.user_id === partner?.user_id)?.display_name
  return {
    id: room.id,
    type: room.type,
    name: room.type === 'group' ? (room.name ?? names.get(room.id)!.name) : (partnerName ?? UNKNOWN.display_name),
    named: room.name !== null,
    created_by: room.created_by,
    created_at: isoTime(room.created_at),
    member_count: room.member_count,
    members,
    last_message: last && viewMessage(last, last_unread),
    last_seq: room.last_seq,
    rev: room.rev,
    unread_count: unreadCount(room.last_seq, me, uncounted),
    mention_count: mentioned.length,
    mentioned: [...mentioned],
    uncounted: [...uncounted],
    ...viewSettings(me),
    hidden,
    role: me.role,
    read_seq: me.read_seq,
    join_seq: me.join_seq,
    last_activity_at: isoTime(last_activity_at),
  }
}
