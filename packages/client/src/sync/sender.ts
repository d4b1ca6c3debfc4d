import { isTemporary, NetworkError } from '../errors.ts'
import { uuid } from '../http/uuid.ts'
import type { MessagesApi } from '../api/messages.ts'
import type { Connection } from '../stream/connection.ts'
import type { NewMessage } from '../types.ts'
import type { Pauses } from './pauses.ts'
import type { Outgoing, SyncEvent, SyncState } from './state.ts'

export type SenderPorts = {
  state: () => SyncState
  dispatch: (event: SyncEvent) => void
  subscribe: (listener: (state: SyncState) => void) => () => void
  connection: () => Connection
  messages: MessagesApi
  pauses: Pauses
  now: () => number
  over: AbortSignal
}

export type Sender = {
  /** Shows the message at once and sends it. @returns its client_message_id */
  send(roomId: number, message: NewMessage): string
  /** Sends a failed message once more, after those that wait already. */
  retry(clientMessageId: string): void
  /** Takes back what is not being sent. @returns whether it was */
  cancel(clientMessageId: string): boolean
}

/**
 * Sends the messages of a room one after the other, each again and again with the same id until it is answered, so that they are
 * stored once and in their order however the network behaves. A message the server refuses stays, failed; the next ones go on.
 */
export function createSender(ports: SenderPorts): Sender {
  const { dispatch } = ports
  const busy = new Set<number>()

  const outgoingOf = (roomId: number): readonly Outgoing[] => ports.state().rooms.get(roomId)?.outgoing ?? []
  const find = (id: string): Outgoing | undefined =>
    [...ports.state().rooms.values()].flatMap((room) => room.outgoing).find((one) => one.client_message_id === id)
  const progress = (one: Outgoing, change: Partial<Outgoing>) => {
    const { room_id, client_message_id } = one
    dispatch({ type: 'progressed', room_id, client_message_id, change })
  }

  async function work(roomId: number): Promise<void> {
    if (busy.has(roomId)) return
    busy.add(roomId)
    try {
      for (;;) {
        const next = outgoingOf(roomId).find((one) => one.status === 'pending')
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
      await attempts(one, AbortSignal.any([ports.over, left.signal]))
    } finally {
      unsubscribe()
    }
  }

  async function attempts(one: Outgoing, stop: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      // Cancelled, or seen in the log: an earlier try was stored though its answer was lost.
      if (!find(one.client_message_id)) return
      try {
        progress(one, { status: 'sending' })
        const seq = await post(one, stop)
        return progress(one, { status: 'sent', seq })
      } catch (error) {
        if (stop.aborted) return
        if (!isTemporary(error)) return progress(one, { status: 'failed', error: error as Error })
        progress(one, { status: 'pending' })
        if (!(await ports.pauses.pause(attempt))) return
      }
    }
  }

  async function post(one: Outgoing, signal: AbortSignal): Promise<number> {
    const { room_id, client_message_id, content, message_type, reply_to, file_id } = one
    const message = { content, message_type, reply_to, file_id, client_message_id }
    const connection = ports.connection()
    if (connection.commands) {
      const ack = await connection.command({ type: 'send', room_id, ...message }, { signal })
      return ack.seq
    }
    return (await ports.messages.send(room_id, message, { signal })).seq
  }

  return {
    send(roomId, message) {
      const { content = '', message_type = 'text', reply_to = null, file_id = null } = message
      const client_message_id = message.client_message_id ?? uuid()
      if (!ports.state().rooms.has(roomId)) throw new RangeError(`room ${roomId} is not in the list`)
      const fields = { client_message_id, room_id: roomId, content, message_type, reply_to, file_id }
      dispatch({
        type: 'queued',
        message: { ...fields, created_at: ports.now(), status: 'pending', seq: null, error: null },
      })
      void work(roomId)
      return client_message_id
    },
    retry(id) {
      const one = find(id)
      if (one?.status !== 'failed') return
      dispatch({ type: 'cancelled', room_id: one.room_id, client_message_id: id })
      dispatch({ type: 'queued', message: { ...one, status: 'pending', error: null } })
      void work(one.room_id)
    },
    cancel(id) {
      const one = find(id)
      if (!one || one.status === 'sending' || one.status === 'sent') return false
      dispatch({ type: 'cancelled', room_id: one.room_id, client_message_id: id })
      return true
    },
  }
}
