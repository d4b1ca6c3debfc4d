import { AppError, isBlank, type Clock } from '@bigtech/kernel'
import { chatErrors } from '../../contract/errors.ts'
import { parseMessageId } from '../../contract/ids.ts'
import type { Mention } from '../../domain/mention.ts'
import type { FileInfo, MessageRow } from '../../domain/message.ts'
import type { Appended, FileStore, Memberships, MessageLog, NewMessage } from '../../ports.ts'
import { mentionsOf } from '../mention-members/mention-members.ts'
import { accessSending, type Place } from '../../access/access.ts'

export type SendPorts = {
  rooms: Memberships
  messages: MessageLog
  files: FileStore
  clock: Clock
}

export type SendCommand = {
  user_id: number
  room_id: number
  content: string
  message_type: NewMessage['message_type']
  /** message id */
  reply_to: string | null
  file_id: string | null
  /** Undefined: they are found in the content. */
  mentions?: readonly Mention[] | undefined
  client_message_id: string | null
  traceparent: string
}

/** Stores a message that was checked. @throws CLIENT_MESSAGE_ID_REUSED, NOT_A_MEMBER (lost since) */
export type PreparedSend = () => Promise<Appended>

/**
 * Checks a message and returns the way to store it. Two steps, so that a connection can check its messages one after the other
 * (they keep their order) and still have many commits under way.
 */
export async function prepareSend(ports: SendPorts, command: SendCommand): Promise<PreparedSend> {
  try {
    return await check(ports, command)
  } catch (error) {
    const stored = await storedBefore(ports, command, error)
    if (!stored) throw error
    return async () => stored
  }
}

/** Who may no longer send, and repeats what was stored when they still might, is not told that it was refused. */
async function storedBefore(ports: SendPorts, command: SendCommand, error: unknown): Promise<Appended | undefined> {
  const { client_message_id, reply_to, file_id } = command
  if (client_message_id === null || !(error instanceof AppError) || !REFUSALS.has(error.code)) return undefined
  const outcome = await ports.messages.append({
    ...messageOf(ports, command, {
      reply_to: reply_to === null ? null : (parseMessageId(reply_to)?.seq ?? null),
      reply_to_user_id: null,
      file: file_id === null ? null : { ...NO_FILE, id: file_id },
    }),
    only_repeat: true,
  })
  return typeof outcome === 'string' ? undefined : outcome
}

const REFUSALS: ReadonlySet<string> = new Set([
  chatErrors.NOT_A_MEMBER.code,
  chatErrors.BLOCKED.code,
  chatErrors.PARTNER_GONE.code,
])
/** Messages are the same when their files have the same id. */
const NO_FILE: Omit<FileInfo, 'id'> = { name: '', type: '', size: 0, width: null, height: null, has_thumbnail: false }

async function check(ports: SendPorts, command: SendCommand): Promise<PreparedSend> {
  const me = await accessSending(ports.rooms, command.room_id, command.user_id)
  const answered = command.reply_to === null ? null : await answeredMessage(ports.messages, me, command.reply_to)
  const file = command.message_type === 'text' ? null : await attachment(ports.files, command)
  const answers = {
    reply_to: answered?.seq ?? null,
    // Nobody has written what the system says.
    reply_to_user_id: answered && answered.message_type !== 'system' ? answered.user_id : null,
  }
  const mentions = await mentionsOf(ports.rooms, { ...command, mentions: command.mentions })
  return prepared(ports, command, { ...answers, file, mentions })
}

type Found = Pick<NewMessage, 'reply_to' | 'reply_to_user_id' | 'file' | 'mentions'>

const messageOf = (ports: SendPorts, command: SendCommand, found: Found): NewMessage => ({
  room_id: command.room_id,
  user_id: command.user_id,
  message_type: command.message_type,
  content: command.content,
  ...found,
  client_message_id: command.client_message_id,
  now: ports.clock.now(),
  traceparent: command.traceparent,
})

function prepared(ports: SendPorts, command: SendCommand, found: Found): PreparedSend {
  if (command.message_type === 'text' && isBlank(command.content)) throw chatErrors.CONTENT_REQUIRED()
  const message = messageOf(ports, command, found)
  return async () => {
    const outcome = await ports.messages.append(message)
    if (outcome === 'conflict') throw chatErrors.CLIENT_MESSAGE_ID_REUSED()
    if (outcome === 'not_member') throw chatErrors.NOT_A_MEMBER()
    return outcome
  }
}

async function answeredMessage(messages: MessageLog, me: Place, id: string): Promise<MessageRow> {
  const place = parseMessageId(id)
  const visible = place?.room_id === me.room_id && place.seq > me.join_seq
  const row = visible ? await messages.get(me.room_id, place.seq) : undefined
  if (!row) throw chatErrors.REPLY_NOT_FOUND()
  return row
}

/** Only one's own upload can be sent: a file id seen elsewhere gives no way into that file. */
async function attachment(files: FileStore, command: SendCommand): Promise<FileInfo> {
  if (command.file_id === null) throw chatErrors.FILE_REQUIRED()
  const file = await files.get(command.file_id)
  if (file?.owner_id !== command.user_id) throw chatErrors.FILE_NOT_FOUND()
  const fits = {
    // A picture that cannot be shown is a file.
    image: file.has_thumbnail,
    voice: /^(audio|video)\//.test(file.type),
    file: true,
    text: false,
  }
  if (!fits[command.message_type]) throw chatErrors.FILE_WRONG_TYPE({ params: { type: command.message_type } })
  const { id, name, type, size, width, height, has_thumbnail } = file
  return { id, name, type, size, width, height, has_thumbnail }
}
