import { briefReads, briefRoom, briefRow } from '../../history/brief.ts'
import type { Answered } from '../client.ts'
import type { Request } from '../requests.ts'
import { NoAnswer, type BareHttp } from './http.ts'
import { applyChanges, applyRead, applyRevision, forgetUpTo, type HeldRoom, type WireFrame } from './model.ts'
import type { Pauses } from './pause.ts'

export type Following = {
  readonly rooms: ReadonlyMap<number, HeldRoom>
  readonly token: string | undefined
  /** Frames taken from now on are those of a new connection. */
  renewed(): void
  take(frame: WireFrame): void
  /** When all that has arrived is handled. */
  idle(): Promise<void>
}

/** What was received over a connection that has been given up. */
class Superseded extends Error {}

const PAGE = 200

/** Rules 1 to 7 of docs/realtime.md: one frame after the other, each handled before the next, snapshots and pulls included. */
export function createFollowing(options: {
  user: number
  http: BareHttp
  pauses: Pauses
  over: AbortSignal
  fault: (text: string) => void
}): Following {
  const { user, http, pauses, over, fault } = options
  const rooms = new Map<number, HeldRoom>()
  let token: string | undefined
  let generation = 0
  let work: Promise<void> = Promise.resolve()

  /** Asked until it is answered. 403 and 404 are answers: there is no such room for us. */
  async function get(path: string, mine: number): Promise<Answered> {
    const request: Request = { method: 'GET', path }
    for (let attempt = 0; ; attempt++) {
      if (mine !== generation || over.aborted) throw new Superseded()
      try {
        const answer = await http.call(request)
        if ([200, 403, 404].includes(answer.status)) return answer
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
      }
      await pauses.pause(Math.min(attempt, 3))
    }
  }

  async function loadAll(mine: number): Promise<void> {
    rooms.clear()
    const ids: number[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { body } = await get(`/chat-rooms?limit=100${more}`, mine)
      const page = body as { items: { id: number }[]; next_cursor: string | null }
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor
    }
    for (const id of ids) await load(id, mine)
  }

  async function load(id: number, mine: number): Promise<void> {
    rooms.delete(id)
    const room = await get(`/chat-rooms/${id}`, mine)
    if (room.status !== 200) return
    const fact = briefRoom(room.body)
    if (fact.hidden) return
    const held: HeldRoom = {
      rev: fact.rev,
      rows: new Map(),
      members: new Map(fact.members.map((member) => [member.user, member])),
    }
    for (let before = ''; ;) {
      const page = await get(`/messages/${id}?limit=${PAGE}${before}`, mine)
      if (page.status !== 200) return
      const { items, rev, has_before } = page.body as { items: unknown[]; rev: number; has_before: boolean }
      held.rev = Math.min(held.rev, rev)
      const rows = items.map(briefRow)
      for (const row of rows) {
        const known = held.rows.get(row.seq)
        if (!known || known.rev < row.rev) held.rows.set(row.seq, row)
      }
      if (!has_before || rows.length === 0) break
      before = `&before_seq=${rows[0]!.seq}`
    }
    rooms.set(id, held)
  }

  /** Rule 2, a gap. */
  async function pull(id: number, room: HeldRoom, mine: number): Promise<void> {
    for (let more = true; more;) {
      const answer = await get(`/messages/${id}/changes?since_rev=${room.rev}`, mine)
      if (answer.status !== 200) return void rooms.delete(id)
      const changes = answer.body as WireFrame
      applyChanges(room, changes)
      for (const { user: who, read_seq } of briefReads(changes['reads'])) applyRead(room, who, read_seq)
      more = changes['has_more'] === true
    }
  }

  async function onRevision(frame: WireFrame, id: number, room: HeldRoom | undefined, mine: number): Promise<void> {
    // Rule 6.
    if (!room) return frame.type === 'message' ? load(id, mine) : undefined
    if (applyRevision(room, frame) === 'missed') {
      await pull(id, room, mine)
      applyRevision(room, frame)
    }
    if (frame.type === 'message') {
      const { user_id, seq } = frame['message'] as { user_id: number; seq: number }
      applyRead(room, user_id, seq)
    }
  }

  async function handle(frame: WireFrame, mine: number): Promise<void> {
    const id = frame.room_id ?? 0
    const room = rooms.get(id)
    switch (frame.type) {
      case 'hello':
        return frame['resumed'] === true ? undefined : loadAll(mine)
      case 'message':
      case 'message_changed':
      case 'skip':
        return onRevision(frame, id, room, mine)
      case 'changes':
        if (!room) return load(id, mine)
        if (applyChanges(room, frame) === 'missed') return pull(id, room, mine)
        return
      case 'read':
        return room && applyRead(room, frame['user_id'] as number, frame['read_seq'] as number)
      case 'heartbeat':
        for (const [key, rev] of Object.entries(frame['heads'] as Record<string, number>)) {
          const behind = rooms.get(Number(key))
          if (behind && rev > behind.rev) await pull(Number(key), behind, mine)
        }
        return
      case 'room_joined':
        return load(id, mine)
      case 'room_left':
        return void rooms.delete(id)
      case 'room_settings':
        if (frame['hidden'] === true) return void rooms.delete(id)
        if (!room) return load(id, mine)
        return forgetUpTo(room, user, frame['join_seq'] as number)
      case 'resync_required':
        return frame.room_id === null ? loadAll(mine) : load(id, mine)
      default:
    }
  }

  return {
    rooms,
    get token() {
      return token
    },
    renewed: () => void generation++,
    take(frame) {
      const mine = generation
      const before = work
      work = (async () => {
        await before
        if (mine !== generation || over.aborted) return
        try {
          await handle(frame, mine)
          // Rule 8: the place of the last frame handled.
          if (mine === generation && frame.token !== undefined) token = frame.token
        } catch (error) {
          if (!(error instanceof Superseded)) fault(`a frame could not be handled: ${String(error)}`)
        }
      })()
    },
    idle: () => work,
  }
}
