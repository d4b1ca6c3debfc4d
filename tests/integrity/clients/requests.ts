import { briefRow, briefText } from '../history/brief.ts'
import type { OpAnswer, OpArgs } from '../history/types.ts'
import type { Action } from './client.ts'

export type Request = { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; path: string; body?: object }

/** What is sent, whom it calls and what it answers. */
export const messageOf = ({ content = '', other, reply }: OpArgs) => ({
  content,
  ...(other === undefined ? {} : { mentions: [{ user_id: other, offset: 0, length: 1 }] }),
  ...(reply === undefined ? {} : { reply_to: reply }),
})

/** The API call of an action (docs/api). */
export function requestOf({ do: deed, room, args, code }: Action): Request {
  const message = `/messages/${room}/${encodeURIComponent(args.message ?? '')}`
  const reaction = `${message}/reactions/${encodeURIComponent(args.emoji ?? '')}`
  const chat = `/chat-rooms/${room}`
  switch (deed) {
    case 'send':
      return {
        method: 'POST',
        path: `/messages/${room}`,
        body: { ...messageOf(args), client_message_id: args.cmid },
      }
    case 'edit':
      return { method: 'PATCH', path: message, body: { content: args.content } }
    case 'delete':
      return { method: 'DELETE', path: message }
    case 'react':
      return { method: 'PUT', path: reaction }
    case 'unreact':
      return { method: 'DELETE', path: reaction }
    case 'pin':
      return { method: 'PUT', path: `${message}/pin` }
    case 'unpin':
      return { method: 'DELETE', path: `${message}/pin` }
    case 'read':
      return { method: 'POST', path: `${chat}/read`, body: { seq: args.seq } }
    case 'typing':
      return { method: 'POST', path: `${chat}/typing`, body: { typing: true } }
    case 'history':
      return { method: 'GET', path: `/messages/${room}?around_seq=${args.seq}&limit=20` }
    case 'leave':
    case 'hide':
      return { method: 'POST', path: `${chat}/leave` }
    case 'join':
      return { method: 'POST', path: `/chat-rooms/join/${code}` }
    case 'add':
      return { method: 'POST', path: `${chat}/members`, body: { user_ids: [args.other] } }
    case 'remove':
      return { method: 'DELETE', path: `${chat}/members/${args.other}` }
    case 'role':
      return { method: 'PUT', path: `${chat}/members/${args.other}/role`, body: { role: args.role } }
    case 'rename_room':
      return { method: 'PATCH', path: chat, body: { name: args.name } }
    case 'block':
      return { method: 'PUT', path: `/friends/blocks/${args.other}` }
    case 'unblock':
      return { method: 'DELETE', path: `/friends/blocks/${args.other}` }
    case 'befriend':
      return { method: 'POST', path: '/friends/request', body: { target_user_id: args.other } }
    case 'unfriend':
      return { method: 'DELETE', path: `/friends/${args.other}` }
    case 'rename_self':
      return { method: 'PATCH', path: '/profile/me', body: { display_name: args.name } }
    case 'close_account':
      return { method: 'DELETE', path: '/users/me', body: { password: args.name } }
  }
}

/** The command of an action, where there is one (docs/realtime.md). */
export function commandOf({ do: deed, room, args }: Action): Record<string, unknown> | undefined {
  const onMessage = { room_id: room, message_id: args.message }
  switch (deed) {
    case 'send':
      return { type: 'send', room_id: room, ...messageOf(args), client_message_id: args.cmid }
    case 'edit':
      return { type: 'edit', ...onMessage, content: args.content }
    case 'delete':
    case 'pin':
    case 'unpin':
      return { type: deed, ...onMessage }
    case 'react':
    case 'unreact':
      return { type: deed, ...onMessage, emoji: args.emoji }
    case 'read':
      return { type: 'read', room_id: room, seq: args.seq }
    case 'typing':
      return { type: 'typing', room_id: room }
    default:
      return undefined
  }
}

/** What an `ok` says, of either door. */
export function answerOf({ do: deed }: Action, body: unknown): OpAnswer {
  const b = (body ?? {}) as Record<string, unknown>
  if (deed === 'send') {
    const id = String(b['message_id'] ?? b['id'])
    return { id, seq: Number(b['seq']), rev: Number(b['rev']) }
  }
  if (deed === 'read') return { read_seq: Number(b['read_seq']) }
  const message = b['message'] ?? (typeof b['seq'] === 'number' ? b : undefined)
  return message === undefined || deed === 'history' ? {} : { row: briefRow(message) }
}

export const briefArgs = (args: OpArgs): OpArgs =>
  args.content === undefined ? args : { ...args, content: briefText(args.content) }
