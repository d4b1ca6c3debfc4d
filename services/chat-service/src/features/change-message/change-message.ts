import { isBlank, isEmoji, type Clock } from '@bigtech/kernel'
import { chatErrors } from '../../contract/errors.ts'
import type { ChangeLimits, MessageChange, MessageRow } from '../../domain/message.ts'
import type { Memberships, MessageLog } from '../../ports.ts'
import { mentionsOf } from '../mention-members/mention-members.ts'
import { accessMessage, accessRoom, accessWriting } from '../../access/access.ts'

export type ChangePorts = { rooms: Memberships; messages: MessageLog; clock: Clock; changeLimits: ChangeLimits }

export type ChangeCommand = {
  user_id: number
  room_id: number
  message_id: string
  change: MessageChange
  traceparent: string
}

/** Edit, delete, react, pin: who may and what becomes of the message is decided by domain/message.ts on the stored row. */
export async function changeMessage(
  ports: ChangePorts,
  command: ChangeCommand,
): Promise<{ row: MessageRow; unread_count: number }> {
  const { room, me } = await accessRoom(ports.rooms, command.room_id, command.user_id)
  const { seq } = await accessMessage(ports.messages, me, command.message_id)
  const { change } = command
  // One may always take back, also in a room where one may not write any more.
  if (change.kind === 'edit' || change.kind === 'react' || change.kind === 'pin')
    await accessWriting(ports.rooms, room, command.user_id)
  if (change.kind === 'edit' && isBlank(change.content)) throw chatErrors.CONTENT_REQUIRED()
  // What is there from before is taken back whatever it is.
  if (change.kind === 'react' && !isEmoji(change.emoji)) throw chatErrors.NOT_AN_EMOJI({ field: 'emoji' })
  const { user_id } = command
  const edited =
    change.kind === 'edit' &&
    ({
      ...change,
      mentions: await mentionsOf(ports.rooms, { ...change, room_id: room.id, user_id, mentions: change.mentions }),
    } as const)
  const outcome = await ports.messages.change({
    room_id: room.id,
    seq,
    change: edited || change,
    actor: { user_id: command.user_id, role: me.role, room_type: room.type },
    limits: ports.changeLimits,
    now: ports.clock.now(),
    traceparent: command.traceparent,
  })
  if ('refused' in outcome) {
    const limit = ports.changeLimits[outcome.refused === 'TOO_MANY_PINS' ? 'pins' : 'reactions']
    throw chatErrors[outcome.refused]({ params: { limit } })
  }
  return outcome
}
