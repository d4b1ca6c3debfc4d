import { MalformedEvent } from '@bigtech/kernel'
import { integerField, textField, type EventHandler, type StoredRecord } from '@bigtech/messaging'
import { tellOfChange } from '../../access/inbox-frames.ts'
import { keepNotes, type NotePorts } from '../../access/keep-notes.ts'
import * as note from '../../domain/note.ts'
import { careNoteHandlers } from './care-notes.consumer.ts'

/** What others did that somebody is told of, from the events of user-, friend-, chat- and ai-service. */
export function noteEventHandlers(ports: NotePorts): Record<string, EventHandler> {
  const { notes, clock } = ports
  const once = (record: StoredRecord) => ({ event_id: record.value.event_id, now: clock.now() })
  const keep = (record: StoredRecord, those: readonly note.Note[]) => keepNotes(ports, once(record), those)

  const withdrawRequest: EventHandler = async (record) => {
    const [from, to] = [integerField(record, 'from_user_id'), integerField(record, 'to_user_id')]
    const { group } = note.friendRequestNote(to, from)
    if (await notes.withdraw(once(record), { user_id: to, group, actor_id: from })) await tellOfChange(ports, [to])
  }

  return {
    FriendRequestSent: (record) =>
      keep(record, [note.friendRequestNote(integerField(record, 'to_user_id'), integerField(record, 'from_user_id'))]),
    FriendRequestCancelled: withdrawRequest,
    FriendRequestRejected: withdrawRequest,
    async FriendRequestAccepted(record) {
      const [from, to] = [integerField(record, 'from_user_id'), integerField(record, 'to_user_id')]
      await keep(record, [note.friendAcceptedNote(from, to)])
      const { group } = note.friendRequestNote(to, from)
      const event = { ...once(record), event_id: `${record.value.event_id}/answered` }
      if (await notes.withdraw(event, { user_id: to, group, actor_id: from })) await tellOfChange(ports, [to])
    },
    MessageReactionAdded: (record) => {
      const author = optionalInteger(record, 'author_id')
      const emoji = textField(record, 'emoji')
      return author === null ? Promise.resolve() : keep(record, [note.reactionNote(author, placeOf(record), emoji)])
    },
    async MessageReactionRemoved(record) {
      const { message_id, actor_id } = placeOf(record)
      const reaction = { message_id, actor_id, emoji: textField(record, 'emoji') }
      await tellOfChange(ports, await notes.withdrawReaction(once(record), reaction))
    },
    async MessageDeleted(record) {
      const message = { room_id: integerField(record, 'room_id'), message_id: textField(record, 'message_id') }
      await tellOfChange(ports, await notes.withdrawMessage(once(record), message))
    },
    RoomMembersJoined: (record) => {
      const by = integerField(record, 'user_id')
      // Who came by a link, or said yes to an invitation, knows.
      if (textField(record, 'via') !== 'added') return Promise.resolve()
      return keep(
        record,
        integersField(record, 'member_ids').map((id) => note.invitedNote(id, integerField(record, 'room_id'), by)),
      )
    },
    ChatRoomCreated: (record) => {
      if (textField(record, 'room_type') !== 'group') return Promise.resolve()
      const by = integerField(record, 'created_by')
      return keep(
        record,
        integersField(record, 'member_ids').map((id) => note.invitedNote(id, integerField(record, 'room_id'), by)),
      )
    },
    /** Who is gone is told of nothing in the room: that they were put into it, and what it had for them, leads nowhere. */
    async RoomMemberLeft(record) {
      const those = { user_id: integerField(record, 'user_id'), room_id: integerField(record, 'room_id') }
      if (await notes.withdrawAll(once(record), those)) await tellOfChange(ports, [those.user_id])
    },
    ...careNoteHandlers(ports),
    UserLoggedIn: (record) => {
      // Of sessions that an older version began it is not known.
      if (record.value['is_new_device'] !== true) return Promise.resolve()
      return keep(record, [note.newDeviceNote(integerField(record, 'user_id'), record.value.event_id)])
    },
    UserPasswordChanged: (record) =>
      keep(record, [note.passwordChangedNote(integerField(record, 'user_id'), record.value.event_id)]),
  }
}

export const placeOf = (record: StoredRecord) => ({
  room_id: integerField(record, 'room_id'),
  message_id: textField(record, 'message_id'),
  seq: integerField(record, 'seq'),
  actor_id: integerField(record, 'user_id'),
})

/** A missing field counts as null: events of an older version do not have it. */
export const optionalInteger = (record: StoredRecord, field: string): number | null =>
  (record.value[field] ?? null) === null ? null : integerField(record, field)

/** A missing field counts as empty. */
export function integersField(record: StoredRecord, field: string): number[] {
  const value = record.value[field] ?? []
  if (!Array.isArray(value) || !value.every((one) => Number.isSafeInteger(one)))
    throw new MalformedEvent(`${record.value.event_type}.${field} must be integers`)
  return value as number[]
}
