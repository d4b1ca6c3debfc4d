import type { CallOptions, Http } from '../http/http.ts'
import { uuid } from '../http/uuid.ts'
import type {
  Changes,
  Mention,
  Message,
  MessagePage,
  NewMessage,
  Page,
  PageQuery,
  Readers,
  SearchHit,
} from '../types.ts'

export type PagePlace = { before_seq?: number; after_seq?: number; around_seq?: number; limit?: number }

export const messagesApi = (http: Http) => {
  const path = (roomId: number, messageId: string, rest = '') =>
    `/messages/${roomId}/${encodeURIComponent(messageId)}${rest}`
  return {
    /** Repeated until it is answered or clearly refused; `client_message_id` (made here if there is none) keeps it one message. */
    send: (roomId: number, message: NewMessage, options?: CallOptions): Promise<Message> => {
      const json = { ...message, client_message_id: message.client_message_id ?? uuid() }
      return http.json({ ...options, method: 'POST', path: `/messages/${roomId}`, json, repeat: 'nature' })
    },
    /** The newest ones without a place. */
    page: (roomId: number, place: PagePlace = {}, options?: CallOptions): Promise<MessagePage> =>
      http.json({ ...options, path: `/messages/${roomId}`, query: place }),
    changes: (roomId: number, query: { since_rev: number; limit?: number }, options?: CallOptions): Promise<Changes> =>
      http.json({ ...options, path: `/messages/${roomId}/changes`, query }),
    search: (
      query: PageQuery & { q: string; room_id?: number | undefined },
      options?: CallOptions,
    ): Promise<Page<SearchHit>> => http.json({ ...options, path: '/messages/search', query }),
    pins: (roomId: number, options?: CallOptions): Promise<Page<Message>> =>
      http.json({ ...options, path: `/messages/${roomId}/pins` }),
    readers: (roomId: number, messageId: string, options?: CallOptions): Promise<Readers> =>
      http.json({ ...options, path: path(roomId, messageId, '/readers') }),

    /** Without `mentions` whom the new text calls is found by the server, as in `send`. */
    edit: (
      roomId: number,
      messageId: string,
      content: string,
      { mentions, ...options }: CallOptions & { mentions?: readonly Mention[] } = {},
    ): Promise<Message> => {
      const json = mentions ? { content, mentions } : { content }
      return http.json({ ...options, method: 'PATCH', path: path(roomId, messageId), json })
    },
    delete: (roomId: number, messageId: string, options?: CallOptions): Promise<void> =>
      http.json({ ...options, method: 'DELETE', path: path(roomId, messageId) }),
    react: (roomId: number, messageId: string, emoji: string, options?: CallOptions): Promise<Message> =>
      http.json({
        ...options,
        method: 'PUT',
        path: path(roomId, messageId, `/reactions/${encodeURIComponent(emoji)}`),
      }),
    unreact: (roomId: number, messageId: string, emoji: string, options?: CallOptions): Promise<Message> =>
      http.json({
        ...options,
        method: 'DELETE',
        path: path(roomId, messageId, `/reactions/${encodeURIComponent(emoji)}`),
      }),
    pin: (roomId: number, messageId: string, options?: CallOptions): Promise<Message> =>
      http.json({ ...options, method: 'PUT', path: path(roomId, messageId, '/pin') }),
    unpin: (roomId: number, messageId: string, options?: CallOptions): Promise<Message> =>
      http.json({ ...options, method: 'DELETE', path: path(roomId, messageId, '/pin') }),
  }
}

export type MessagesApi = ReturnType<typeof messagesApi>
