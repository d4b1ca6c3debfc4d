import type { Page, Person as Account } from '../../support/index.ts'
import type { Inbox, NoteFact, Statistics } from '../history/effects.ts'
import type { Stage } from './setup.ts'

type Note = Readonly<{
  id: number
  kind: string
  actors: readonly { user_id: number }[]
  actor_count: number
  room_id: number | null
  message_id: string | null
  seq: number | null
  read_at: string | null
  updated_at: string
}>

const factOf = ({ id, kind, actors, actor_count, room_id, message_id, seq, read_at, updated_at }: Note): NoteFact => ({
  id,
  kind,
  actors: actors.map(({ user_id }) => user_id),
  actor_count,
  room: room_id,
  message: message_id,
  seq,
  read: read_at !== null,
  at: Date.parse(updated_at),
})

async function inboxOf(account: Account): Promise<Inbox> {
  const notes: NoteFact[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Page<Note> & { next_cursor: string | null } = await account.get(`/notifications?limit=100${next}`)
    notes.push(...page.items.map(factOf))
    cursor = page.next_cursor
  }
  const { unread_count } = await account.get<{ unread_count: number }>('/notifications/count')
  return { user: account.id, unread: unread_count, notes }
}

/** What everybody is told in their list. */
export const readInboxes = (stage: Stage): Promise<Inbox[]> =>
  Promise.all([...stage.people.map(({ account }) => account), stage.auditor].map(inboxOf))

/** What an administrator is shown. By the hour, so that a fact on a wrong one shows; people by the day, as presence is kept for an hour only. */
export async function readStatistics(operator: Account): Promise<Statistics> {
  const ask = <Name extends keyof Statistics>(name: Name, interval: 'hour' | 'day') =>
    operator.get<Statistics[Name]>(`/analytics/${name}?tz=UTC&interval=${interval}&from=${daysAgo(2)}`)
  return {
    overview: await ask('overview', 'day'),
    messages: await ask('messages', 'hour'),
    users: await ask('users', 'day'),
    rooms: await ask('rooms', 'hour'),
  }
}

/** Whatever the server's clock says: it is an hour from the truth at most. */
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
