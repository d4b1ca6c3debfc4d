import type { EventRecord } from '@bigtech/messaging'
import { kinds } from '../../contract/event-kinds.ts'
import type { Committed } from '../../ports.ts'
import { changeEvent, sentEvent } from '../message-events.ts'
import { settingsEvent } from '../room-events.ts'
import { settingsIn, upgrade, type ChatEntry, type Occasion, type Said } from './entries.ts'

/** What streams are told of an entry; undefined for what nobody is told. */
export function committedOf({ room: room_id, body }: ChatEntry): Committed | undefined {
  const entry = upgrade(body)
  switch (entry.kind) {
    case 'created':
    case 'joined':
      return {
        kind: 'joined',
        room_id,
        user_ids: entry.members.map(({ user_id }) => user_id),
        join_seq: entry.members[0]!.join_seq,
      }
    case 'message': {
      const { row, unread_count, old_read_seq } = entry
      return { kind: 'message', row, unread_count, old_read_seq }
    }
    case 'changed':
      return { kind: 'changed', row: entry.row, unread_count: entry.unread_count }
    case 'read': {
      const { user_id, old_read_seq, read_seq } = entry
      return { kind: 'read', room_id, user_id, old_read_seq, read_seq }
    }
    case 'left':
      return { kind: 'left', room_id, user_ids: [entry.user_id], reason: entry.via }
    case 'settings': {
      const { user_id, hidden, join_seq } = entry
      return { kind: 'settings', room_id, user_id, ...settingsIn(entry), hidden, join_seq }
    }
    default:
      return undefined
  }
}

/** What other services are told of it: at most one event. @param id of the entry's place, the same however often it is published */
export function eventOf(id: string, { room: room_id, body }: ChatEntry): EventRecord | undefined {
  const entry = upgrade(body)
  const at = (on: Occasion) => ({ ...on, eventId: id })
  switch (entry.kind) {
    case 'created': {
      const { type: room_type, name, created_by } = entry.room
      const member_ids = entry.members.map(({ user_id }) => user_id)
      return kinds.ChatRoomCreated.make({ room_id, room_type, name, created_by, member_ids }, at(entry.on))
    }
    case 'message':
      if (entry.row.system) return systemEvent(entry, at(entry.on))
      return sentEvent({ ...entry.row, reply_to_user_id: entry.reply_to_user_id ?? null }, at(entry.on))
    case 'changed': {
      const { row, change: kind, emoji, by, since } = entry
      return changeEvent({ row, kind, by, since, ...(emoji !== undefined && { emoji }) }, at(entry.on))
    }
    case 'read': {
      const { user_id, old_read_seq, read_seq, on } = entry
      return on ? kinds.MessagesRead.make({ room_id, user_id, old_read_seq, read_seq }, at(on)) : undefined
    }
    case 'joined': {
      const member_ids = entry.members.map(({ user_id }) => user_id)
      return kinds.RoomMembersJoined.make({ room_id, user_id: entry.by, member_ids, via: entry.via }, at(entry.on))
    }
    case 'left': {
      const { user_id, via, new_owner } = entry
      return kinds.RoomMemberLeft.make({ room_id, user_id, via, new_owner }, at(entry.on))
    }
    case 'settings': {
      const { user_id, on } = entry
      return on ? settingsEvent({ room_id, user_id, ...settingsIn(entry) }, at(on)) : undefined
    }
    default:
      return undefined
  }
}

/** Members who come and go have entries of their own. */
function systemEvent({ row }: Said, options: Occasion & { eventId: string }): EventRecord | undefined {
  const { room_id, user_id, system } = row
  if (system?.kind === 'room_renamed')
    return kinds.ChatRoomRenamed.make({ room_id, user_id, name: system.name }, options)
  if (system?.kind === 'role_changed')
    return kinds.RoomRoleChanged.make({ room_id, user_id: system.user_ids[0]!, role: system.role }, options)
  return undefined
}
