import { nextOwner } from '../../domain/room.ts'
import type { ChatCommand } from './commands.ts'
import type { Wanted } from './ports.ts'
import type { PartitionState, RoomState } from './state.ts'

/** Of a batch: some of them may go, or become less, before it is somebody's turn. */
const HEIRS = 10

export type Needs = { -readonly [Key in keyof Wanted]: Wanted[Key][number][] }

export const isNothing = (needs: Needs): boolean => Object.values(needs).every(({ length }) => length === 0)

/** What a batch needs that is not in memory. */
export function needsOf(state: PartitionState, commands: readonly ChatCommand[]): Needs {
  const rooms = new Set<number>()
  const names = new Set<number>()
  const counts = new Set<number>()
  const needs: Needs = { rooms: [], rows: [], sent: [], names: [], counts: [] }
  for (const { kind, asks } of commands) {
    const { room_id } = asks
    if (!state.use(room_id)) rooms.add(room_id)
    switch (kind) {
      case 'append': {
        const { user_id, client_message_id } = asks
        if (client_message_id !== null && !state.sentRow(room_id, user_id, client_message_id))
          needs.sent.push({ room_id, user_id, client_message_id })
        break
      }
      case 'change':
        if (!state.row(room_id, asks.seq)) needs.rows.push({ room_id, seq: asks.seq })
        break
      case 'openDirect':
        if (asks.rooms_limit !== undefined) counts.add(asks.user_id)
        break
      case 'createGroup':
      case 'rename':
        names.add(asks.actor)
        break
      case 'addMembers':
        for (const user of [asks.actor, ...asks.user_ids]) names.add(user)
        if (asks.rooms_limit !== undefined) for (const user of asks.user_ids) counts.add(user)
        break
      case 'acceptInvitation':
        names.add(asks.actor)
        if (asks.rooms_limit !== undefined) counts.add(asks.actor)
        break
      case 'removeMember':
      case 'setRole':
        names.add(asks.actor).add(asks.user_id)
        break
      default:
    }
  }
  return { ...needs, rooms: [...rooms], names: [...names], counts: [...counts] }
}

/** Who may own a room after one of these commands, and is to be called by name then. */
export function heirsOf(state: PartitionState, commands: readonly ChatCommand[]): readonly number[] {
  const heirs = new Set<number>()
  for (const { kind, asks } of commands) {
    const room = kind === 'removeMember' ? state.room(asks.room_id) : undefined
    for (const user of room ? nextOwners(room) : []) heirs.add(user)
  }
  return [...heirs]
}

function nextOwners({ members }: RoomState): number[] {
  const owners: number[] = []
  let remaining = [...members.values()].filter(({ role }) => role !== 'owner')
  for (let heir = nextOwner(remaining); heir && owners.length < HEIRS; heir = nextOwner(remaining)) {
    const { user_id } = heir
    owners.push(user_id)
    remaining = remaining.filter((one) => one.user_id !== user_id)
  }
  return owners
}
