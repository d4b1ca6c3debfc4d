import type {
  Entry,
  EventFact,
  FrameFact,
  MemberFact,
  Op,
  OpArgs,
  RoomSetup,
  Round,
  Row,
  SystemFact,
} from '../history/types.ts'
import { AUDITOR, CLIENTS, endOf, factOf, GUEST, unreadBeside, type Ending, type RoomModel } from './world.fixture.ts'

/** Tells what happens in a faultless system, and records it as the harness would. What is told can then be spoilt. */
export function createStory() {
  const entries: Entry[] = []
  const events: EventFact[] = []
  const rooms = new Map<number, RoomModel>()
  const away = new Set<number>()
  const tokens = new Map<number, { token: string; revs: Map<number, number> }>()
  let n = 0
  let pos = 0
  let offset = 0

  const stamp = () => ({ n: ++n, at: n * 10 })
  const publish = (topic: string, key: string, type: string, fields: Record<string, unknown>) => {
    // The log clears what is taken back.
    if (type === 'MessageEdited' || type === 'MessageDeleted')
      for (const before of events)
        if (before.key === key && before.fields['message_id'] === fields['message_id'] && 'content' in before.fields)
          before.fields['content'] = ''
    events.push({ topic, partition: 0, offset: offset++, key, id: `e${offset}`, type, fields })
  }
  const toClient = (user: number, frame: FrameFact) => {
    if (away.has(user) || user >= GUEST) return
    const token = `t${pos}`
    entries.push({ type: 'frame', ...stamp(), client: `c${user}`, user, frame: structuredClone({ ...frame, token }) })
    tokens.set(user, { token, revs: new Map([...rooms].map(([id, { rev }]) => [id, rev])) })
  }
  const toRoom = (room: RoomModel, frame: FrameFact) => {
    pos++
    for (const user of room.members.keys()) {
      const before = frame.row !== undefined && frame.row.seq <= room.members.get(user)!.join_seq
      toClient(user, before ? { type: 'skip', room: room.setup.id, rev: frame.rev! } : frame)
    }
  }

  function append(room: RoomModel, user: number, fields: Partial<Row>): Row {
    const [seq, rev] = [room.rows.length + 1, ++room.rev]
    const me = room.members.get(user)
    const old_read_seq = me?.read_seq ?? seq
    if (me) me.read_seq = seq
    const base = { id: `msg_${room.setup.id}_${seq}`, room: room.setup.id, seq, rev, user, kind: 'text', content: '' }
    const rest = {
      cmid: null,
      deleted: false,
      edited: false,
      reply_to: null,
      reactions: {},
      pinned_by: null,
      system: null,
    }
    const row: Row = { ...base, ...rest, unread: unreadBeside(room, seq), ...fields }
    room.rows.push(row)
    toRoom(room, { type: 'message', room: room.setup.id, rev, old_read_seq, row: { ...row } })
    return row
  }
  const system = (room: RoomModel, user: number, fact: SystemFact) =>
    append(room, user, { kind: 'system', system: fact })

  function op(
    user: number,
    deed: Op['do'],
    room: number | null,
    args: OpArgs,
    act: () => Op['answer'],
    lane = false,
  ): Op {
    const asked = stamp()
    const answer = act()
    const done = stamp()
    const entry: Op = {
      type: 'op',
      ...asked,
      done: done.n,
      took: done.at - asked.at,
      client: `c${user}`,
      user,
      do: deed,
      room,
      args,
      lane: lane ? `c${user}#1` : null,
      outcome: 'ok',
      status: 200,
      code: null,
      answer,
    }
    entries.push(entry)
    return entry
  }

  function change(
    user: number,
    room: number,
    seq: number,
    deed: Op['do'],
    type: string,
    how: Partial<Row>,
    args: OpArgs = {},
  ) {
    const model = rooms.get(room)!
    const row = model.rows[seq - 1]!
    op(user, deed, room, { message: row.id, ...args }, () => {
      Object.assign(row, how, { rev: ++model.rev })
      const { id: message_id, rev } = row
      publish('message.events', `${room}`, type, {
        room_id: room,
        message_id,
        user_id: user,
        seq,
        rev,
        author_id: row.user,
        ...args,
      })
      const answer = { ...row, unread: unreadBeside(model, seq) }
      toRoom(model, { type: 'message_changed', room, rev, row: { ...answer } })
      return { row: answer }
    })
  }

  const story = {
    /** @param mentions whom it calls */
    send(user: number, room: number, content: string, lane = false, mentions: number[] = []): Row {
      const cmid = `m-${content}`
      let row: Row | undefined
      op(
        user,
        'send',
        room,
        { content, cmid },
        () => {
          row = append(rooms.get(room)!, user, { content, cmid })
          const { id, seq, rev } = row
          const fields = { room_id: room, message_id: id, user_id: user, seq, rev, content, mentions }
          publish('message.events', `${room}`, 'MessageSent', { ...fields, reply_to_user_id: null })
          return { id, seq, rev }
        },
        lane,
      )
      return row!
    },
    /** Tried and turned away. */
    refused(user: number, room: number, content: string, code: string): void {
      const entry = op(user, 'send', room, { content, cmid: `m-${content}` }, () => ({}))
      Object.assign(entry, { outcome: 'failed', status: 403, code })
    },
    edit: (user: number, room: number, seq: number, content: string) =>
      change(user, room, seq, 'edit', 'MessageEdited', { content, edited: true }, { content }),
    remove: (user: number, room: number, seq: number) =>
      change(user, room, seq, 'delete', 'MessageDeleted', {
        content: '',
        deleted: true,
        reactions: {},
        pinned_by: null,
      }),
    react: (user: number, room: number, seq: number, emoji: string) =>
      change(user, room, seq, 'react', 'MessageReactionAdded', { reactions: { [emoji]: [user] } }, { emoji }),
    pin: (user: number, room: number, seq: number) =>
      change(user, room, seq, 'pin', 'MessagePinned', { pinned_by: user }),
    read(user: number, room: number, seq: number): void {
      op(user, 'read', room, { seq }, () => {
        const model = rooms.get(room)!
        const me = model.members.get(user)!
        const old_read_seq = me.read_seq
        me.read_seq = Math.max(old_read_seq, seq)
        const { read_seq } = me
        publish('message.events', `${room}`, 'MessagesRead', { room_id: room, user_id: user, old_read_seq, read_seq })
        toRoom(model, { type: 'read', room, user, old_read_seq, read_seq })
        return { read_seq }
      })
    },
    leave(user: number, room: number): void {
      const model = rooms.get(room)!
      op(user, 'leave', room, {}, () => {
        model.members.delete(user)
        system(model, user, { kind: 'member_left', user_ids: [user], via: 'left', new_owner: null })
        publish('chat.events', `${room}`, 'RoomMemberLeft', { room_id: room, user_id: user })
        pos++
        toClient(user, { type: 'room_left', room, reason: 'left' })
        return {}
      })
    },
    join(user: number, room: number): void {
      const model = rooms.get(room)!
      op(user, 'join', room, {}, () => {
        const join_seq = model.rows.length
        model.members.set(user, { user, role: 'member', join_seq, read_seq: join_seq })
        pos++
        toClient(user, { type: 'room_joined', room, join_seq })
        system(model, user, { kind: 'member_joined', user_ids: [user], via: 'invite' })
        publish('chat.events', `${room}`, 'RoomMembersJoined', { room_id: room, member_ids: [user] })
        return {}
      })
    },
    block(user: number, other: number): void {
      op(user, 'block', null, { other }, () => {
        publish('friend.events', '1:2', 'UserBlocked', { user_id: user, blocked_user_id: other })
        return {}
      })
    },
    befriend(user: number, other: number): void {
      op(user, 'befriend', null, { other }, () => {
        const request = { request_id: 1, from_user_id: user, to_user_id: other }
        publish('friend.events', `${user}:${other}`, 'FriendRequestSent', request)
        return {}
      })
    },
    rename(user: number, name: string): void {
      op(user, 'rename_self', null, { name }, () => {
        publish('user.events', `${user}`, 'UserProfileUpdated', { user_id: user, display_name: name })
        return {}
      })
    },
    /** The account of somebody who is in room 1 only. */
    close(user: number): void {
      const model = rooms.get(1)!
      publish('user.events', `${user}`, 'UserClosed', { user_id: user })
      model.members.delete(user)
      system(model, user, { kind: 'member_left', user_ids: [user], via: 'closed', new_owner: null })
      publish('chat.events', '1', 'RoomMemberLeft', { room_id: 1, user_id: user })
    },
    heartbeat(user: number): void {
      const heads = Object.fromEntries(
        [...rooms].flatMap(([id, { rev, members }]) => (members.has(user) ? [[id, rev]] : [])),
      )
      toClient(user, { type: 'heartbeat', room: null, heads })
    },
    cut(user: number): void {
      away.add(user)
      entries.push({ type: 'ended', ...stamp(), client: `c${user}`, user, reason: 'reset' })
    },
    resume(user: number): void {
      away.delete(user)
      const { token, revs } = tokens.get(user)!
      entries.push({
        type: 'frame',
        ...stamp(),
        client: `c${user}`,
        user,
        frame: { type: 'hello', room: null, resumed: true, token },
      })
      for (const [room, model] of rooms) {
        if (!model.members.has(user)) continue
        const from_rev = revs.get(room)!
        const rows = model.rows.filter((row) => row.rev > from_rev).map((row) => ({ ...row }))
        toClient(user, { type: 'changes', room, from_rev, to_rev: model.rev, rows, reads: [] })
      }
      toClient(user, { type: 'replayed', room: null })
    },
    /** Asks for the whole room, as clients do. */
    load(user: number, room: number): void {
      const at = { client: `c${user}`, user, room, status: 200 }
      const model = rooms.get(room)!
      const fact = factOf(model, user)
      const none = { rooms: [], rows: [], page: null, changes: null }
      entries.push({ type: 'answer', asked: ++n, ...stamp(), ...at, ...none, call: 'room', rooms: [fact] })
      const { last_seq, rev, read_seq, join_seq } = fact
      const rows = model.rows.slice(join_seq).map((row) => ({ ...row }))
      const page = { last_seq, rev, read_seq, join_seq }
      entries.push({ type: 'answer', asked: ++n, ...stamp(), ...at, ...none, call: 'page', rows, page })
    },
    pull(user: number, room: number, from_rev: number): void {
      const { rows: all, rev, members } = rooms.get(room)!
      const { join_seq } = members.get(user)!
      const changes = { from_rev, to_rev: rev, has_more: false, reads: [] }
      const rows = all.filter((row) => row.rev > from_rev && row.seq > join_seq).map((row) => ({ ...row }))
      const at = { client: `c${user}`, user, room, status: 200, call: 'changes' as const }
      entries.push({ type: 'answer', asked: ++n, ...stamp(), ...at, rooms: [], rows, page: null, changes })
    },
    /** What is there when all is calm. */
    end: (more: Ending = {}): Round => structuredClone(endOf({ rooms: [...rooms.values()], entries, events }, more)),
  }

  const member = (user: number): MemberFact => ({
    user,
    role: user === 1 ? 'owner' : 'member',
    join_seq: 0,
    read_seq: 0,
  })
  const open = (id: number, type: 'group' | 'direct', users: number[], reader: number) => {
    const setup: RoomSetup = { id, type, members: users, reader, code: null }
    const members = new Map(
      users.map((user) => [user, { ...member(user), ...(type === 'direct' ? { role: 'member' } : {}) }]),
    )
    const model: RoomModel = { setup, rows: [], rev: 0, members }
    rooms.set(id, model)
    publish('chat.events', `${id}`, 'ChatRoomCreated', { room_id: id })
    if (type === 'group') system(model, 1, { kind: 'room_created', user_ids: users })
  }
  for (const user of CLIENTS) toClient(user, { type: 'hello', room: null, resumed: false })
  open(1, 'group', [1, 2, 3, GUEST, AUDITOR], AUDITOR)
  open(2, 'direct', [1, 2], 2)
  return story
}
