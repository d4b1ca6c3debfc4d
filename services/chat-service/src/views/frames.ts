import { isoTime } from '@bigtech/kernel'
import { controlEnvelope, EVERYBODY, frameEnvelope, roomChannel, userChannel, type Broker } from '@bigtech/realtime'
import { viewMessage } from '../domain/view.ts'
import type { Committed, Profile } from '../ports.ts'
import { viewSettings } from './room.ts'

/** Publishes a committed change as the frames of docs/realtime.md. Called in commit order. @param token of the feed, after the change */
export function publishChange(broker: Broker, change: Committed, token: string): void {
  const toRoom = (roomId: number, frame: object, level = EVERYBODY, alternative = '') =>
    broker.publish(roomChannel(roomId), frameEnvelope(JSON.stringify({ ...frame, token }), token, level, alternative))
  const toUser = (userId: number, frame: object) =>
    broker.publish(userChannel(userId), frameEnvelope(JSON.stringify({ ...frame, token }), token))

  switch (change.kind) {
    case 'message': {
      const { row, unread_count, old_read_seq } = change
      const { room_id, rev } = row
      // Whoever connects just after joining is subscribed as the store has it, and may be so before what was committed earlier is told.
      toRoom(room_id, { type: 'message', room_id, rev, old_read_seq, message: viewMessage(row, unread_count) }, row.seq)
      return
    }
    case 'changed': {
      const { row, unread_count } = change
      const { room_id, rev } = row
      // Members who joined after the message learn only that the revision moved on.
      const skip = JSON.stringify({ type: 'skip', room_id, rev, token })
      toRoom(room_id, { type: 'message_changed', room_id, rev, message: viewMessage(row, unread_count) }, row.seq, skip)
      return
    }
    case 'read': {
      const { room_id, user_id, old_read_seq, read_seq } = change
      toRoom(room_id, { type: 'read', room_id, user_id, old_read_seq, read_seq })
      return
    }
    case 'joined': {
      const { room_id, join_seq, user_ids } = change
      for (const userId of user_ids) {
        broker.publish(
          userChannel(userId),
          controlEnvelope({ op: 'join', channel: roomChannel(room_id), floor: join_seq }),
        )
        toUser(userId, { type: 'room_joined', room_id, join_seq })
      }
      return
    }
    case 'left': {
      const { room_id, reason, user_ids } = change
      for (const userId of user_ids) {
        broker.publish(userChannel(userId), controlEnvelope({ op: 'leave', channel: roomChannel(room_id) }))
        toUser(userId, { type: 'room_left', room_id, reason })
      }
      return
    }
    case 'settings': {
      const { room_id, user_id, hidden, join_seq } = change
      broker.publish(
        userChannel(user_id),
        controlEnvelope({ op: 'join', channel: roomChannel(room_id), floor: join_seq }),
      )
      toUser(user_id, { type: 'room_settings', room_id, ...viewSettings(change), hidden, join_seq })
    }
  }
}

/** Tells the members of a room of a member's new name or picture. Best effort: not stored, moves no token. @param before a room may be named by it */
export function publishPerson(broker: Broker, room_id: number, person: Profile, before: string | null): void {
  const { active: _active, ...shown } = person
  const frame = { type: 'person', room_id, ...shown, previous_name: before }
  broker.publish(roomChannel(room_id), frameEnvelope(JSON.stringify(frame)))
}

/** Best effort: not stored, moves no token. */
export function publishTyping(
  broker: Broker,
  typing: { room_id: number; user_id: number; typing: boolean; at: number },
): void {
  const { at, ...frame } = typing
  broker.publish(
    roomChannel(typing.room_id),
    frameEnvelope(JSON.stringify({ type: 'typing', ...frame, at: isoTime(at) })),
  )
}
