import { PASSWORD } from '../../support/index.ts'
import type { Action, Client } from '../clients/client.ts'
import type { OpArgs, OpName } from '../history/types.ts'
import type { PlannedOp } from '../schedule/ops.ts'
import type { Stage } from './setup.ts'

const EMOJI = ['👍', '❤️', '😂', '🎉']
const ROLES = ['admin', 'admin', 'member', 'owner']
/** What the API takes of one message. */
const LONGEST = 10_000

/**
 * What becomes of a planned operation with what the client knows at that moment. Undefined: there is nothing to do it to.
 * Contents, names and ids are unique in the run: each can be traced to the one operation that brought it.
 */
export function resolveOp(op: PlannedOp & { do: OpName }, client: Client, stage: Stage): Action | undefined {
  const { do: deed, pick, serial, via, repeat } = op
  const room = stage.rooms[op.room]!
  const held = client.held(room.id)
  const other = stage.people[op.other]!.id
  const last = held?.last_seq ?? 0
  const action = (args: OpArgs, id: number | null = room.id): Action => {
    return { do: deed, room: id, args, via, repeat, ...(room.code === null ? {} : { code: room.code }) }
  }
  const rows = (held?.rows ?? []).filter((row) => row.system === null)
  /** Rather a recent one. */
  const choose = (from: typeof rows, message: (id: string) => OpArgs): Action | undefined => {
    const row = from[from.length - 1 - Math.floor(pick ** 2 * from.length)]
    return row && action(message(row.id))
  }
  const own = rows.filter((row) => row.user === client.person.id)
  switch (deed) {
    case 'send': {
      const message = { content: textOf(serial, pick), cmid: `m${serial}` }
      // One in eight calls somebody, one in eight answers one of the latest.
      if (pick > 0.75 && pick < 0.875) return action({ ...message, content: `@${message.content}`, other })
      const answered = pick >= 0.875 ? rows.at(-1 - (Math.floor(pick * 1_000) % 8)) : undefined
      return action(answered ? { ...message, reply: answered.id } : message)
    }
    case 'edit':
      return choose(pick < 0.9 ? own : rows, (message) => ({ message, content: `고침 ${serial}` }))
    case 'delete':
      return choose(pick < 0.8 ? own : rows, (message) => ({ message }))
    case 'unreact': {
      const me = client.person.id
      const mine = rows.flatMap(({ id, reactions }) =>
        Object.entries(reactions).flatMap(([emoji, users]) => (users.includes(me) ? [{ message: id, emoji }] : [])),
      )
      // Mostly something of one's own.
      const found = mine[Math.floor(pick * 1.25 * mine.length)]
      return found ? action(found) : choose(rows, (message) => ({ message, emoji: EMOJI[0]! }))
    }
    case 'react':
      return choose(rows, (message) => ({ message, emoji: EMOJI[Math.floor(pick * 97) % EMOJI.length]! }))
    case 'pin':
    case 'unpin':
      return choose(rows, (message) => ({ message }))
    case 'read':
      return action({ seq: Math.max(0, last - Math.floor(pick ** 3 * 10)) })
    case 'history':
      return action({ seq: Math.ceil(pick * last) })
    case 'join':
      return room.code === null ? undefined : action({})
    case 'add':
    case 'remove':
      return action({ other })
    case 'role':
      return action({ other, role: ROLES[Math.floor(pick * ROLES.length)]! })
    case 'rename_room':
      return action({ name: `방 ${serial}` })
    case 'hide':
      // The other one must always be able to read everything.
      return room.reader === client.person.id ? undefined : action({})
    case 'block':
    case 'unblock': {
      const partner = room.members.find((id) => id !== client.person.id)
      return partner !== undefined && room.members.includes(client.person.id)
        ? action({ other: partner }, null)
        : undefined
    }
    case 'befriend':
    case 'unfriend':
      return other === client.person.id ? undefined : action({ other }, null)
    case 'rename_self':
      return action({ name: `이름 ${serial}` }, null)
    case 'close_account':
      return action({ name: PASSWORD }, null)
    default:
      return action({})
  }
}

/** Mostly short, now and then a screenful. */
const textOf = (serial: string, pick: number): string =>
  pick < 0.05 ? `말 ${serial} ${'가나다라마바사 '.repeat(200)}` : `말 ${serial}`

export const longText = (serial: string): string => `긴 말 ${serial} `.padEnd(LONGEST, '가')
