import type { CallOptions, Http } from '../http/http.ts'
import type {
  Invitation,
  Invite,
  InvitePreview,
  Member,
  Page,
  PageQuery,
  ReadReceipt,
  Role,
  Room,
  RoomSettings,
} from '../types.ts'

export const roomsApi = (http: Http) => ({
  /** Newest activity first. */
  list: (query: PageQuery = {}, options?: CallOptions): Promise<Page<Room>> =>
    http.json({ ...options, path: '/chat-rooms', query }),
  get: (id: number, options?: CallOptions): Promise<Room> => http.json({ ...options, path: `/chat-rooms/${id}` }),
  /** The room with this person; made if there is none. */
  openDirect: (userId: number, options?: CallOptions): Promise<Room> =>
    http.json({ ...options, method: 'POST', path: '/chat-rooms', json: { type: 'direct', user_id: userId } }),
  /** Without a name each member sees the names of the others. */
  createGroup: (group: { name?: string; member_ids: readonly number[] }, options?: CallOptions): Promise<Room> =>
    http.json({ ...options, method: 'POST', path: '/chat-rooms', json: { type: 'group', ...group } }),
  update: (id: number, change: { name?: string; muted?: boolean }, options?: CallOptions): Promise<Room> =>
    http.json({ ...options, method: 'PATCH', path: `/chat-rooms/${id}`, json: change }),
  mute: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'PUT', path: `/chat-rooms/${id}/mute` }),
  unmute: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/chat-rooms/${id}/mute` }),
  /** What one is told of, on all devices. `muted_until` is a time to come. */
  setSettings: (id: number, settings: RoomSettings, options?: CallOptions): Promise<Room> =>
    http.json({ ...options, method: 'PUT', path: `/chat-rooms/${id}/settings`, json: settings }),
  /** Who owns the group if one leaves it. */
  previewLeave: (id: number, options?: CallOptions): Promise<{ new_owner: Member | null }> =>
    http.json({ ...options, path: `/chat-rooms/${id}/leave` }),
  /** Leaves a group; clears a direct room until its next message. */
  leave: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/${id}/leave` }),

  /** By user id. */
  members: (id: number, query: PageQuery = {}, options?: CallOptions): Promise<Page<Member>> =>
    http.json({ ...options, path: `/chat-rooms/${id}/members`, query }),
  /** Who went out of the group is asked instead: `invited`. */
  addMembers: (id: number, userIds: readonly number[], options?: CallOptions): Promise<Room & { invited: number[] }> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/${id}/members`, json: { user_ids: userIds } }),
  removeMember: (id: number, userId: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/chat-rooms/${id}/members/${userId}` }),
  setRole: (id: number, userId: number, role: Role, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'PUT', path: `/chat-rooms/${id}/members/${userId}/role`, json: { role } }),

  /** @param invite.expires_in seconds; null: never. Default a week. */
  createInvite: (id: number, invite: { expires_in?: number | null } = {}, options?: CallOptions): Promise<Invite> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/${id}/invite`, json: invite }),
  invite: (id: number, options?: CallOptions): Promise<Invite> =>
    http.json({ ...options, path: `/chat-rooms/${id}/invite` }),
  revokeInvite: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'DELETE', path: `/chat-rooms/${id}/invite` }),
  previewInvite: (code: string, options?: CallOptions): Promise<InvitePreview> =>
    http.json({ ...options, path: `/chat-rooms/join/${encodeURIComponent(code)}` }),
  join: (code: string, options?: CallOptions): Promise<Room> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/join/${encodeURIComponent(code)}` }),

  /** Groups one is asked back to; an `invitation` frame says that they changed. */
  invitations: (options?: CallOptions): Promise<{ items: Invitation[] }> =>
    http.json({ ...options, path: '/chat-rooms/invitations' }),
  acceptInvitation: (id: number, options?: CallOptions): Promise<Room> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/invitations/${id}/accept` }),
  declineInvitation: (id: number, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/invitations/${id}/decline` }),

  /** Smaller numbers than before change nothing. */
  markRead: (id: number, seq: number, options?: CallOptions): Promise<ReadReceipt> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/${id}/read`, json: { seq }, repeat: 'nature' }),
  typing: (id: number, typing = true, options?: CallOptions): Promise<void> =>
    http.json({ ...options, method: 'POST', path: `/chat-rooms/${id}/typing`, json: { typing }, repeat: 'never' }),
})

/** All members, however many pages. */
export async function allMembers(rooms: ReturnType<typeof roomsApi>, id: number, options?: CallOptions) {
  const members: Member[] = []
  for (let cursor: string | undefined; ;) {
    const page = await rooms.members(id, { cursor, limit: 1_000 }, options)
    members.push(...page.items)
    if (page.next_cursor === null) return members
    cursor = page.next_cursor
  }
}
