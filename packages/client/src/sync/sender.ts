import type { filesApi } from '../api/files.ts'
import type { MessagesApi } from '../api/messages.ts'
import { ApiError, isTemporary, NetworkError } from '../errors.ts'
import { uuid } from '../http/uuid.ts'
import type { Connection } from '../stream/connection.ts'
import type { FileInfo, NewMessage } from '../types.ts'
import { createKeeper, outgoingOf, type Outbox, type OutboxEntry } from './outbox.ts'
import type { Pauses } from './pauses.ts'
import type { Outgoing, SyncEvent, SyncState } from './state.ts'

export type SenderPorts = {
  state: () => SyncState
  dispatch: (event: SyncEvent) => void
  subscribe: (listener: (state: SyncState) => void) => () => void
  connection: () => Connection
  messages: MessagesApi
  files: Pick<ReturnType<typeof filesApi>, 'upload'>
  pauses: Pauses
  now: () => number
  over: AbortSignal
  /** Where unsent messages outlive the program. Default: nowhere. */
  outbox?: Outbox | undefined
}

/** `upload` is a file still to be uploaded: that is done in its turn, before the message is sent. */
export type MessageToSend = NewMessage & { upload?: Outgoing['upload'] }

export type Sender = {
  /** Shows the message at once and sends it. @returns its client_message_id */
  send(roomId: number, message: MessageToSend): string
  /** Sends a failed message once more, after those that wait already. */
  retry(clientMessageId: string): void
  /** Takes back what is not being sent; an upload ends. @returns whether it was */
  cancel(clientMessageId: string): boolean
}

/**
 * Sends the messages of a room one after the other, each again and again with the same id until it is answered, so that they are
 * stored once and in their order however the network behaves. A message the server refuses stays, failed, until it is asked for
 * again; the next ones go on. A file is uploaded when its message's turn has come.
 */
export function createSender(ports: SenderPorts): Sender & { restore: () => Promise<void> } {
  const { dispatch, outbox } = ports
  const busy = new Set<number>()
  const uploads = new Map<string, AbortController>()
  const keeper = outbox && createKeeper(outbox, ports.subscribe)
  /** What an earlier program left goes first. */
  let waiting = outbox !== undefined
  let latest = 0

  const queueOf = (roomId: number): readonly Outgoing[] => ports.state().rooms.get(roomId)?.outgoing ?? []
  const find = (id: string): Outgoing | undefined =>
    [...ports.state().rooms.values()].flatMap((room) => room.outgoing).find((one) => one.client_message_id === id)
  const progress = (one: Outgoing, change: Partial<Outgoing>) => {
    const { room_id, client_message_id } = one
    dispatch({ type: 'progressed', room_id, client_message_id, change })
  }
  /** Places in the order of sending are told apart even within one millisecond. */
  const place = (): number => (latest = Math.max(ports.now(), latest + 1))
  const queue = (message: Outgoing) => {
    keeper?.keep(message)
    dispatch({ type: 'queued', message })
  }

  async function work(roomId: number): Promise<void> {
    if (busy.has(roomId) || waiting) return
    busy.add(roomId)
    try {
      for (;;) {
        const next = queueOf(roomId).find((one) => one.status === 'pending')
        if (!next || ports.over.aborted) return
        await deliver(next)
      }
    } finally {
      busy.delete(roomId)
    }
  }

  async function deliver(one: Outgoing): Promise<void> {
    // A room that is left takes its messages along: none is tried again when one is back.
    const left = new AbortController()
    const unsubscribe = ports.subscribe(({ rooms }) => {
      if (!rooms.has(one.room_id)) left.abort(new NetworkError('the room is no longer in the list'))
    })
    try {
      await attempts(one.client_message_id, AbortSignal.any([ports.over, left.signal]))
    } finally {
      unsubscribe()
    }
  }

  async function attempts(id: string, stop: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const one = find(id)
      // Cancelled, or seen in the log: an earlier try was stored though its answer was lost.
      if (!one) return
      try {
        const ready = await uploaded(one, stop)
        progress(one, { status: 'sending' })
        return progress(one, { status: 'sent', seq: await post(ready, stop) })
      } catch (error) {
        if (stop.aborted || !find(id)) return
        // The server lets go of uploads that no message has claimed for long.
        if (isFileGone(error) && one.upload && one.file_id) {
          progress(one, { status: 'pending', file_id: null })
          continue
        }
        if (!isWorthRepeating(error)) return progress(one, { status: 'failed', error: error as Error })
        progress(one, { status: 'pending' })
        const asked = error instanceof ApiError ? error.retryAfterMs : undefined
        if (!(await ports.pauses.pause(attempt, asked))) return
      }
    }
  }

  /** The message with its file at the server. */
  async function uploaded(one: Outgoing, stop: AbortSignal): Promise<Outgoing> {
    if (!one.upload || one.file_id) return one
    const { blob, name } = one.upload
    const own = new AbortController()
    uploads.set(one.client_message_id, own)
    try {
      progress(one, { status: 'uploading', progress: 0 })
      const file = await ports.files.upload(blob, {
        name,
        signal: AbortSignal.any([stop, own.signal]),
        onProgress: (sent, total) => progress(one, { progress: total > 0 ? sent / total : 0 }),
      })
      const change = { file_id: file.id, message_type: typeOf(one, file), progress: 1 }
      progress(one, change)
      // A later start must send this very file: with another one the same id would be another message.
      await keeper?.kept(one.client_message_id)
      return { ...one, ...change }
    } finally {
      uploads.delete(one.client_message_id)
    }
  }

  async function post(one: Outgoing, signal: AbortSignal): Promise<number> {
    const { room_id, client_message_id, content, message_type, reply_to, mentions, file_id } = one
    const message = { content, message_type, reply_to, file_id, client_message_id, ...(mentions && { mentions }) }
    const connection = ports.connection()
    if (connection.commands) {
      const ack = await connection.command({ type: 'send', room_id, ...message }, { signal })
      return ack.seq
    }
    return (await ports.messages.send(room_id, message, { signal })).seq
  }

  function restore(entries: readonly OutboxEntry[]): void {
    if (ports.over.aborted) return
    for (const entry of entries) {
      latest = Math.max(latest, entry.created_at)
      // Its room was left meanwhile.
      if (!ports.state().rooms.has(entry.room_id)) void outbox?.remove(entry.client_message_id)
      else if (!find(entry.client_message_id)) {
        const message = outgoingOf(entry)
        keeper?.follow(message)
        dispatch({ type: 'queued', message })
      }
    }
    for (const roomId of new Set(entries.map(({ room_id }) => room_id))) void work(roomId)
  }

  return {
    async restore(): Promise<void> {
      if (!outbox) return
      await outbox.adopt(restore, ports.over)
      waiting = false
      for (const roomId of ports.state().rooms.keys()) void work(roomId)
    },
    send(roomId, message) {
      const { content = '', message_type = 'text', reply_to = null, mentions, file_id = null, upload = null } = message
      const client_message_id = message.client_message_id ?? uuid()
      if (!ports.state().rooms.has(roomId)) throw new RangeError(`room ${roomId} is not in the list`)
      const fields = { client_message_id, room_id: roomId, content, message_type, reply_to, file_id, upload }
      queue({
        ...fields,
        ...(mentions && { mentions }),
        created_at: place(),
        status: 'pending',
        progress: 0,
        seq: null,
        error: null,
      })
      void work(roomId)
      return client_message_id
    },
    retry(id) {
      const one = find(id)
      if (one?.status !== 'failed') return
      dispatch({ type: 'cancelled', room_id: one.room_id, client_message_id: id })
      queue({ ...one, created_at: place(), status: 'pending', error: null })
      void work(one.room_id)
    },
    cancel(id) {
      const one = find(id)
      if (!one || one.status === 'sending' || one.status === 'sent') return false
      dispatch({ type: 'cancelled', room_id: one.room_id, client_message_id: id })
      uploads.get(id)?.abort()
      return true
    },
  }
}

const isFileGone = (error: unknown): boolean => error instanceof ApiError && error.code === 'FILE_NOT_FOUND'

/** Nobody signed in is no verdict on the message: it waits for the session to be over, or good again. */
const isWorthRepeating = (error: unknown): boolean =>
  isTemporary(error) || (error instanceof ApiError && error.status === 401)

/** What only claims to be a voice, or a picture that can be shown, is sent as a file: the server has looked into it. */
function typeOf({ message_type }: Outgoing, file: FileInfo): Outgoing['message_type'] {
  if (message_type === 'image' && !file.has_thumbnail) return 'file'
  if (message_type === 'voice' && !/^(audio|video)\//.test(file.type)) return 'file'
  return message_type
}
