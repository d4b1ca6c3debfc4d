import type { Frame } from '../stream/frames.ts'
import type { Changes, Member, Message, MessagePage, Role, Room, SystemEvent } from '../types.ts'

/** A chat server in a few lines: the contract of docs/realtime.md for one user, with everything that is not about it left out. */

type ModelMember = { role: Role; join_seq: number; read_seq: number; read_pos: number; join_pos: number }
type ModelRoom = {
  id: number
  type: 'direct' | 'group'
  name: string
  members: Map<number, ModelMember>
  log: Message[]
  rev: number
  last_pos: number
  activity: number
  left_pos: number
  mine: { muted: boolean; muted_until: string | null; hidden: boolean; pos: number }
}

const ME = 1
/** More rows than this are not replayed. */
const REPLAYED_ROWS = 6
const time = (pos: number) => new Date(1_700_000_000_000 + pos * 1_000).toISOString()

/** @param tellsMore whether `room_settings` has `join_seq`, and rooms `hidden` */
export function createModel(emit: (frame: Frame) => void, tellsMore: boolean) {
  const rooms: ModelRoom[] = []
  let pos = 0

  const isMine = (room: ModelRoom) => room.members.has(ME)
  const unread = (room: ModelRoom, seq: number) => [...room.members.values()].filter((m) => m.read_seq < seq).length
  const view = (room: ModelRoom, row: Message): Message => ({
    ...structuredClone(row),
    unread_count: unread(room, row.seq),
  })

  function append(room: ModelRoom, userId: number, content: string, system: SystemEvent | null, clientId?: string) {
    const seq = room.log.length + 1
    const author = room.members.get(userId)
    const old_read_seq = author?.read_seq ?? seq
    room.rev++
    room.last_pos = ++pos
    room.activity = pos
    if (author) Object.assign(author, { read_seq: seq, read_pos: pos })
    room.log.push({
      id: `msg_${room.id}_${seq}`,
      room_id: room.id,
      user_id: userId,
      content,
      message_type: system ? 'system' : 'text',
      seq,
      rev: room.rev,
      created_at: time(pos),
      edited_at: null,
      is_deleted: false,
      reply_to: null,
      reactions: [],
      unread_count: 0,
      client_message_id: clientId ?? null,
      file: null,
      system,
      pinned_at: null,
      pinned_by: null,
    })
    if (room.type === 'direct') room.mine.hidden = false
    const message = view(room, room.log.at(-1)!)
    if (isMine(room))
      emit({ type: 'message', room_id: room.id, rev: room.rev, old_read_seq, message, token: String(pos) })
    return message
  }

  function change(room: ModelRoom, seq: number, edit: (row: Message) => void) {
    const row = room.log[seq - 1]
    if (!row || row.system) return
    edit(row)
    row.rev = ++room.rev
    room.last_pos = ++pos
    const me = room.members.get(ME)
    if (!me) return
    const { id: room_id, rev } = room
    if (seq <= me.join_seq) emit({ type: 'skip', room_id, rev, token: String(pos) })
    else emit({ type: 'message_changed', room_id, rev, message: view(room, row), token: String(pos) })
  }

  function join(room: ModelRoom, userIds: readonly number[], role: Role = 'member') {
    const join_seq = room.log.length
    room.last_pos = ++pos
    for (const id of userIds) room.members.set(id, { role, join_seq, read_seq: join_seq, read_pos: 0, join_pos: pos })
    if (userIds.includes(ME)) emit({ type: 'room_joined', room_id: room.id, join_seq, token: String(pos) })
  }

  function memberView(room: ModelRoom, user_id: number): Member {
    const { role, join_seq, read_seq } = room.members.get(user_id)!
    const name = `u${user_id}`
    return {
      user_id,
      username: name,
      display_name: name,
      profile_image_url: null,
      role,
      join_seq,
      joined_at: time(0),
      read_seq,
    }
  }

  function roomView(room: ModelRoom, single: boolean): Room {
    const me = room.members.get(ME)!
    const last = room.log.at(-1)
    const after = room.log.filter((row) => row.seq > Math.max(me.read_seq, me.join_seq))
    const counts = (row: Message) => row.system === null && !row.is_deleted
    const shown = single || room.type === 'direct' ? [...room.members.keys()] : []
    return {
      id: room.id,
      type: room.type,
      name: room.name,
      created_by: 1,
      created_at: time(0),
      member_count: room.members.size,
      members: shown.map((id) => memberView(room, id)),
      last_message: last && last.seq > me.join_seq ? view(room, last) : null,
      last_seq: room.log.length,
      rev: room.rev,
      unread_count: after.filter(counts).length,
      uncounted: after.filter((row) => !counts(row)).map((row) => row.seq),
      ...settings(room),
      ...(tellsMore ? { hidden: room.mine.hidden } : {}),
      role: me.role,
      read_seq: me.read_seq,
      join_seq: me.join_seq,
      last_activity_at: time(room.activity),
    }
  }

  const settings = ({ mine: { muted, muted_until } }: ModelRoom) => ({
    muted,
    ...(tellsMore ? { notify: muted ? ('none' as const) : ('mentions' as const), muted_until } : {}),
  })
  const settingsFrame = (room: ModelRoom, { join_seq }: ModelMember) => {
    const { hidden } = room.mine
    const more = tellsMore ? { join_seq } : {}
    return { type: 'room_settings' as const, room_id: room.id, ...settings(room), hidden, ...more }
  }
  const reads = (room: ModelRoom, after = -1) =>
    [...room.members].flatMap(([user_id, m]) => (m.read_pos > after ? [{ user_id, read_seq: m.read_seq }] : []))
  const rowsAfter = (room: ModelRoom, rev: number) =>
    room.log.filter((row) => row.rev > rev).sort((a, b) => a.rev - b.rev)
  const visible = (room: ModelRoom, rows: readonly Message[]) =>
    rows.filter((row) => row.seq > room.members.get(ME)!.join_seq).map((row) => view(room, row))

  const api = {
    rooms,
    heads: () => Object.fromEntries(rooms.filter(isMine).map((room) => [room.id, room.rev])),
    head: () => String(pos),
    unread,

    create(type: 'direct' | 'group', others: readonly number[]) {
      const id = rooms.length + 1
      const mine = { muted: false, muted_until: null, hidden: false, pos: 0 }
      const room: ModelRoom = {
        id,
        type,
        name: `room ${id}`,
        members: new Map(),
        log: [],
        rev: 0,
        last_pos: 0,
        activity: pos,
        left_pos: 0,
        mine,
      }
      rooms.push(room)
      const everyone = [ME, ...others]
      join(room, everyone)
      if (type === 'group') {
        room.members.get(ME)!.role = 'owner'
        append(room, ME, 'made', { kind: 'room_created', user_ids: everyone })
      }
    },
    send(room: ModelRoom, userId: number, clientId?: string): Message | undefined {
      if (!room.members.has(userId)) return undefined
      const repeat = clientId && room.log.find((row) => row.client_message_id === clientId)
      return repeat || append(room, userId, `text ${pos}`, null, clientId)
    },
    edit: (room: ModelRoom, seq: number) => change(room, seq, (row) => void (row.content = `edited ${pos}`)),
    delete: (room: ModelRoom, seq: number) =>
      change(room, seq, (row) => Object.assign(row, { content: '', is_deleted: true, reactions: [] })),
    react: (room: ModelRoom, seq: number, userId: number) =>
      change(room, seq, (row) => row.reactions.push({ emoji: `e${pos}`, count: 1, user_ids: [userId] })),
    read(room: ModelRoom, userId: number, seq: number) {
      const member = room.members.get(userId)
      const old_read_seq = member?.read_seq ?? 0
      const read_seq = Math.min(seq, room.log.length)
      if (!member || read_seq <= old_read_seq) return
      Object.assign(member, { read_seq, read_pos: ++pos })
      room.last_pos = pos
      const frame = { type: 'read', room_id: room.id, user_id: userId, old_read_seq, read_seq, token: String(pos) }
      if (isMine(room)) emit(frame as Frame)
    },
    add(room: ModelRoom, userId: number, via: 'added' | 'invite') {
      if (room.type === 'direct' || room.members.has(userId) || room.members.size === 0) return
      const [someone] = room.members.keys()
      join(room, [userId])
      append(room, via === 'invite' ? userId : someone!, 'in', { kind: 'member_joined', user_ids: [userId], via })
    },
    leave(room: ModelRoom, userId: number) {
      const member = room.members.get(userId)
      if (room.type === 'direct' || !member) return
      const wasMine = isMine(room)
      room.members.delete(userId)
      const [heir] = member.role === 'owner' ? room.members.keys() : []
      if (heir !== undefined) room.members.get(heir)!.role = 'owner'
      // The one who leaves is told of it before they are gone from the channel.
      const event: SystemEvent = { kind: 'member_left', user_ids: [userId], via: 'left', new_owner: heir ?? null }
      append(room, userId, 'out', event)
      if (userId !== ME) return
      room.left_pos = room.last_pos = ++pos
      if (wasMine) emit({ type: 'room_left', room_id: room.id, reason: 'left', token: String(pos) })
    },
    rename(room: ModelRoom) {
      const [someone] = room.members.keys()
      if (room.type === 'direct' || someone === undefined) return
      room.name = `name ${pos}`
      append(room, someone, 'named', { kind: 'room_renamed', name: room.name })
    },
    setRole(room: ModelRoom, userId: number, role: Role) {
      const member = room.members.get(userId)
      const owner = [...room.members].find(([, m]) => m.role === 'owner')
      if (room.type === 'direct' || !member || !owner || owner[0] === userId || member.role === role) return
      if (role === 'owner') owner[1].role = 'admin'
      member.role = role
      append(room, owner[0], 'role', { kind: 'role_changed', user_ids: [userId], role })
    },
    settings(room: ModelRoom, what: 'mute' | 'hide') {
      const me = room.members.get(ME)
      if (!me || (what === 'hide' && room.type === 'group')) return
      if (what === 'mute') {
        room.mine.muted = !room.mine.muted
        room.mine.muted_until = room.mine.muted ? null : time(pos)
      } else {
        const read_seq = room.log.length
        Object.assign(me, { join_seq: read_seq, read_seq, read_pos: ++pos })
        room.mine.hidden = true
      }
      room.mine.pos = room.last_pos = ++pos
      emit({ ...settingsFrame(room, me), token: String(pos) })
    },

    list: (): Room[] => rooms.filter((room) => isMine(room) && !room.mine.hidden).map((room) => roomView(room, false)),
    room: (id: number): Room | undefined => {
      const room = rooms[id - 1]
      return room && isMine(room) ? roomView(room, true) : undefined
    },
    page(id: number, place: { before?: number; around?: number } = {}, limit = 4): MessagePage | undefined {
      const room = rooms[id - 1]
      const me = room?.members.get(ME)
      if (!room || !me) return undefined
      const all = visible(room, room.log)
      const end = place.before ?? (place.around === undefined ? Infinity : place.around + 2)
      const items = all.filter((row) => row.seq < end).slice(-limit)
      return {
        items,
        has_before: (items[0]?.seq ?? 0) > me.join_seq + 1,
        has_after: (items.at(-1)?.seq ?? Infinity) < room.log.length,
        last_seq: room.log.length,
        rev: room.rev,
        read_seq: me.read_seq,
        join_seq: me.join_seq,
      }
    },
    changes(id: number, since: number): Changes | undefined {
      const room = rooms[id - 1]
      if (!room || !isMine(room)) return undefined
      const messages = visible(room, rowsAfter(room, since))
      const to_rev = Math.max(since, room.rev)
      return { room_id: id, from_rev: since, to_rev, has_more: false, messages, reads: reads(room) }
    },
    /** What a connection with this token is told before live frames. */
    replay(token: string): Frame[] {
      const since = Number(token)
      const frames: Frame[] = []
      for (const room of rooms)
        if (!isMine(room) && room.left_pos > since) frames.push({ type: 'room_left', room_id: room.id, reason: 'left' })
      const missed = rooms.filter((room) => isMine(room) && room.last_pos > since)
      for (const room of missed) {
        const me = room.members.get(ME)!
        if (me.join_pos > since) frames.push({ type: 'room_joined', room_id: room.id, join_seq: me.join_seq })
        if (room.mine.pos > since) frames.push(settingsFrame(room, me))
        const from_rev = Math.max(0, ...room.log.filter((row) => posOf(row) <= since).map((row) => row.rev))
        const rows = rowsAfter(room, from_rev)
        if (rows.length > REPLAYED_ROWS)
          frames.push({ type: 'resync_required', room_id: room.id, reason: 'too_much_missed' })
        else
          frames.push({
            type: 'changes',
            room_id: room.id,
            from_rev,
            to_rev: room.rev,
            messages: visible(room, rows),
            reads: reads(room, since),
          })
      }
      frames.push({ type: 'replayed', rooms: missed.length, token: String(pos) })
      return frames
    },
  }

  /** The place in the order of commits of a row's latest change: known here for untouched rows only, so the others count as later. */
  function posOf(row: Message): number {
    const created = (Date.parse(row.created_at) - 1_700_000_000_000) / 1_000
    const untouched = row.content.startsWith('text') || row.system !== null
    return untouched && row.reactions.length === 0 ? created : Infinity
  }

  return api
}

export type Model = ReturnType<typeof createModel>
