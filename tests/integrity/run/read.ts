import { ok, signIn, type Page, type Person as Account } from '../../support/index.ts'
import type { PoisonLedger } from '../checker/poison.ts'
import { briefRoom, briefRow } from '../history/brief.ts'
import type { Calm, RoomFact, Row, View } from '../history/types.ts'
import { ADMIN } from '../world/server.ts'
import type { Stage } from './setup.ts'

const PAGE = 200

/** A room as somebody reads it now, all of it. */
async function viewOf(account: Account, room: number, list: ReadonlyMap<number, RoomFact>): Promise<View> {
  const base = { user: account.id, room, listed: list.get(room) ?? null }
  const answer = await account.call('GET', `/chat-rooms/${room}`)
  if (answer.status === 403) return { ...base, fact: null, rows: [] }
  const fact = briefRoom(await ok(Promise.resolve(answer)))
  const rows: Row[] = []
  for (let more = true; more;) {
    const after = rows.at(-1)?.seq ?? 0
    const page = await account.get<{ items: unknown[]; has_after: boolean }>(
      `/messages/${room}?after_seq=${after}&limit=${PAGE}`,
    )
    rows.push(...page.items.map(briefRow))
    more = page.has_after && page.items.length > 0
  }
  return { ...base, fact, rows }
}

export async function readViews(stage: Stage): Promise<View[]> {
  const readers = [...stage.people.map(({ account }) => account), stage.auditor]
  const views = await Promise.all(
    readers.map(async (account) => {
      const { items } = await account.get<Page<unknown>>('/chat-rooms?limit=1000')
      const list = new Map(items.map(briefRoom).map((room) => [room.id, room]))
      const own = account.id === stage.auditor.id ? stage.rooms.filter(({ type }) => type === 'group') : stage.rooms
      const read: View[] = []
      for (const { id } of own) read.push(await viewOf(account, id, list))
      return read
    }),
  )
  return views.flat()
}

/** The operations API, as an administrator uses it. */
export async function signInOperator(stage: Pick<Stage, 'urls'>): Promise<Account> {
  return signIn(stage.urls, { id: 0, name: ADMIN.username, email: ADMIN.email })
}

export type Drained = Pick<Calm, 'lag' | 'outbox' | 'dead_letters'>

type Letter = { topic: string; failed: { group: string; partition: number; offset: number } }

export async function readDrained(operator: Account, poison: Pick<PoisonLedger, 'isMeant'>): Promise<Drained> {
  const outbox = await operator.get<{ items: Drained['outbox'] }>('/ops/outbox')
  const lag = await operator.get<{ items: Drained['lag'] }>('/ops/lag')
  const letters = await operator.get<{ items: Letter[] }>('/ops/dlq')
  const unmeant = letters.items.filter(({ topic, failed }) => !poison.isMeant({ ...failed, topic }))
  return { outbox: outbox.items, lag: lag.items, dead_letters: unmeant.length }
}

export const isDrained = ({ lag, outbox }: Drained): boolean =>
  lag.every((one) => one.lag === 0) && outbox.every(({ pending }) => pending === 0)

type Named = { id?: number; user_id?: number; display_name: string }

/** The names of the people, as each service has them. */
export async function readNames(stage: Stage): Promise<Calm['names']> {
  const inRooms = new Map<number, string>()
  for (const { id, type } of stage.rooms) {
    if (type !== 'group') continue
    const { members } = await stage.auditor.get<{ members: Named[] }>(`/chat-rooms/${id}`)
    for (const { user_id, display_name } of members) inRooms.set(user_id!, display_name)
  }
  const { items: asked } = await stage.auditor.get<Page<{ user: Named }>>('/friends/requests?direction=sent&limit=100')
  const inFriends = new Map(asked.map(({ user }) => [user.user_id!, user.display_name]))
  return Promise.all(
    stage.people.map(async ({ id, account }) => {
      const { display_name: own } = await account.get<Named>('/profile/me')
      return { user: id, own, chat: inRooms.get(id) ?? null, friend: inFriends.get(id) ?? '' }
    }),
  )
}

export async function readBlocks(stage: Stage): Promise<Calm['blocks']> {
  const lists = await Promise.all(
    stage.people.map(async ({ id, account }) => {
      const { items } = await account.get<Page<{ user_id: number }>>('/friends/blocks?limit=100')
      return items.map(({ user_id }) => ({ user: id, other: user_id }))
    }),
  )
  return lists.flat()
}

/** What became of an account. */
export async function readStatus(operator: Account, user: number): Promise<string> {
  const { state } = await operator.get<{ state: { status: string } }>(`/users/${user}/history`)
  return state.status
}
