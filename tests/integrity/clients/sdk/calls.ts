import { ApiError, NetworkError, type Client as Sdk, type Connection } from '@bigtech/client'
import { PASSWORD } from '../../../support/index.ts'
import type { Action } from '../client.ts'
import { messageOf } from '../requests.ts'

/** Longer than any pause of the server, shorter than anybody's patience. */
const PATIENCE = { timeoutMs: 2_500 }

/** An action as a call of the SDK. @throws ApiError, NetworkError */
export async function callSdk(sdk: Sdk, connection: Connection | undefined, action: Action): Promise<unknown> {
  const { do: deed, args } = action
  const room_id = action.room ?? 0
  const message_id = args.message ?? ''
  const other = args.other ?? 0
  const commands = action.via === 'stream' && connection?.commands ? connection : undefined
  switch (deed) {
    case 'send': {
      const message = { ...messageOf(args), client_message_id: args.cmid ?? null }
      return commands
        ? commands.command({ type: 'send', room_id, ...message }, PATIENCE)
        : sdk.messages.send(room_id, message, PATIENCE)
    }
    case 'edit': {
      const content = args.content ?? ''
      return commands
        ? commands.command({ type: 'edit', room_id, message_id, content }, PATIENCE)
        : sdk.messages.edit(room_id, message_id, content, PATIENCE)
    }
    case 'delete':
    case 'pin':
    case 'unpin':
      return commands
        ? commands.command({ type: deed, room_id, message_id }, PATIENCE)
        : sdk.messages[deed](room_id, message_id, PATIENCE)
    case 'react':
    case 'unreact': {
      const emoji = args.emoji ?? ''
      return commands
        ? commands.command({ type: deed, room_id, message_id, emoji }, PATIENCE)
        : sdk.messages[deed](room_id, message_id, emoji, PATIENCE)
    }
    case 'read':
      return commands
        ? commands.command({ type: 'read', room_id, seq: args.seq ?? 0 }, PATIENCE)
        : sdk.rooms.markRead(room_id, args.seq ?? 0, PATIENCE)
    case 'typing':
      return sdk.rooms.typing(room_id, true, PATIENCE)
    case 'history':
      return sdk.messages.page(room_id, { around_seq: args.seq ?? 0, limit: 20 }, PATIENCE)
    case 'leave':
    case 'hide':
      return sdk.rooms.leave(room_id, PATIENCE)
    case 'join':
      return sdk.rooms.join(action.code ?? '', PATIENCE)
    case 'add':
      return sdk.rooms.addMembers(room_id, [other], PATIENCE)
    case 'remove':
      return sdk.rooms.removeMember(room_id, other, PATIENCE)
    case 'role':
      return sdk.rooms.setRole(room_id, other, args.role as 'admin', PATIENCE)
    case 'rename_room':
      return sdk.rooms.update(room_id, { name: args.name ?? '' }, PATIENCE)
    case 'block':
      return sdk.friends.block(other, PATIENCE)
    case 'unblock':
      return sdk.friends.unblock(other, PATIENCE)
    case 'befriend':
      return sdk.friends.request(other, PATIENCE)
    case 'unfriend':
      return sdk.friends.remove(other, PATIENCE)
    case 'rename_self':
      return sdk.profile.update({ display_name: args.name ?? '' }, PATIENCE)
    case 'close_account':
      return sdk.users.closeAccount(PASSWORD, PATIENCE)
  }
}

/** What a call that threw was told. @throws what is neither an answer nor the lack of one */
export function answerOfError(error: unknown): { status: number; code: string } | undefined {
  if (error instanceof ApiError) return { status: error.status, code: error.code }
  if (error instanceof NetworkError) return undefined
  throw error
}
