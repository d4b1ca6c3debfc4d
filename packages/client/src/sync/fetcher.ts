import type { messagesApi } from '../api/messages.ts'
import { allMembers, type roomsApi } from '../api/rooms.ts'
import type { usersApi } from '../api/users.ts'
import { ApiError } from '../errors.ts'
import type { Changes, Room } from '../types.ts'
import type { Pauses } from './pauses.ts'
import type { Effect, SyncEvent, SyncState } from './state.ts'

export type FetcherPorts = {
  state: () => SyncState
  dispatch: (event: SyncEvent) => void
  rooms: ReturnType<typeof roomsApi>
  messages: ReturnType<typeof messagesApi>
  users: ReturnType<typeof usersApi>
  pauses: Pauses
  over: AbortSignal
}

const CHANGES_PER_CALL = 500
const USERS_PER_CALL = 100

/** Does what the reducer asks for, until it is done, superseded or over. */
export function createFetcher(ports: FetcherPorts): (effect: Effect) => Promise<void> {
  const { rooms, messages, dispatch } = ports
  const options = { signal: ports.over }
  const asked = new Set<number>()

  async function answer(effect: Exclude<Effect, { type: 'load_people' }>): Promise<SyncEvent> {
    const { op } = effect
    switch (effect.type) {
      case 'load_list':
        return { type: 'list_loaded', op, rooms: await wholeList() }
      case 'load_room':
        return { type: 'room_loaded', op, room: await rooms.get(effect.room_id, options) }
      case 'open_room': {
        const { room_id, around_seq } = effect
        const place = around_seq === undefined ? {} : { around_seq }
        const [page, room] = await Promise.all([messages.page(room_id, place, options), rooms.get(room_id, options)])
        const complete = room.members.length >= room.member_count
        const members = complete ? room.members : await allMembers(rooms, room_id, options)
        return { type: 'room_opened', op, room, members, page }
      }
      case 'pull':
        return { type: 'pulled', op, changes: await allChanges(effect.room_id, effect.since_rev) }
    }
  }

  async function wholeList(): Promise<Room[]> {
    const list: Room[] = []
    for (let cursor: string | undefined; ;) {
      const page = await rooms.list({ cursor, limit: 1_000 }, options)
      list.push(...page.items)
      if (page.next_cursor === null) return list
      cursor = page.next_cursor
    }
  }

  /** All pages as one: a message comes in its newest state only, so one page alone may have holes. */
  async function allChanges(roomId: number, sinceRev: number): Promise<Changes> {
    const bySeq = new Map<number, Changes['messages'][number]>()
    for (let since = sinceRev; ;) {
      const page = await messages.changes(roomId, { since_rev: since, limit: CHANGES_PER_CALL }, options)
      for (const message of page.messages) bySeq.set(message.seq, message)
      if (!page.has_more) return { ...page, from_rev: sinceRev, messages: [...bySeq.values()] }
      since = page.to_rev
    }
  }

  async function loadPeople(userIds: readonly number[]): Promise<void> {
    const unknown = userIds.filter((id) => !asked.has(id))
    for (const id of unknown) asked.add(id)
    for (let i = 0; i < unknown.length; i += USERS_PER_CALL) {
      const ids = unknown.slice(i, i + USERS_PER_CALL)
      try {
        dispatch({ type: 'people_loaded', people: await ports.users.byIds(ids, options) })
      } catch {
        // Names are asked for again when something happens in the room.
        for (const id of ids) asked.delete(id)
      }
    }
  }

  const superseded = (effect: Exclude<Effect, { type: 'load_people' }>): boolean => {
    const { listHold, holds } = ports.state()
    return effect.type === 'load_list' ? listHold?.op !== effect.op : holds.get(effect.room_id)?.op !== effect.op
  }

  return async (effect) => {
    if (effect.type === 'load_people') return loadPeople(effect.user_ids)
    for (let attempt = 0; !superseded(effect); attempt++) {
      try {
        return dispatch(await answer(effect))
      } catch (error) {
        if (error instanceof ApiError && (error.status === 403 || error.status === 404) && effect.type !== 'load_list')
          return dispatch({ type: 'room_gone', op: effect.op, room_id: effect.room_id })
        // Signed out: the connection ends too.
        if (error instanceof ApiError && error.status === 401) return
        if (!(await ports.pauses.pause(attempt))) return
      }
    }
  }
}
