import type { Account } from '../harness/accounts.ts'
import { json } from '../harness/http.ts'
import type { Product } from '../harness/product.ts'
import { portOf, startProductSide } from '../harness/sides.ts'
import type { Workload } from '../harness/workload.ts'
import type { EndpointsConfig } from '../load/endpoints.ts'

const USERS = 100
const MESSAGES = 60

/** Everybody is a friend of the next person and has a room with a history with them, and all share one room. */
async function configure({ urls }: Product, accounts: readonly Account[]): Promise<Omit<EndpointsConfig, 'serverPid'>> {
  const { user, friend, chat, gateway } = urls
  const rooms = await Promise.all(
    accounts.map(async ({ id, token }, index) => {
      const next = accounts[(index + 1) % accounts.length]!
      await json('POST', `${friend}/friends/request`, token, { target_user_id: next.id })
      await json('POST', `${friend}/friends/request`, next.token, { target_user_id: id })
      const room = await json('POST', `${chat}/chat-rooms`, token, { type: 'direct', user_id: next.id })
      for (let n = 0; n < MESSAGES; n++)
        await json('POST', `${chat}/messages/${Number(room['id'])}`, token, {
          content: `${n}번째 메시지입니다. 안녕하세요 hello`,
        })
      return Number(room['id'])
    }),
  )
  const [first, ...others] = accounts
  const group = { type: 'group', name: '모두', member_ids: others.map(({ id }) => id) }
  const groupId = Number((await json('POST', `${chat}/chat-rooms`, first!.token, group))['id'])

  const read = (name: string, url: string, pathOf: (index: number) => string) => ({
    name,
    port: portOf(url),
    paths: accounts.map((_, index) => pathOf(index)),
  })
  const all = accounts.map(({ id }) => id).join(',')
  return {
    tokens: accounts.map(({ token }) => token),
    endpoints: [
      read('profile', user, () => '/profile/me'),
      read('users_100', user, () => `/users?user_ids=${all}`),
      read('user_search', user, () => '/users/search?q=bench'),
      read('activities', user, () => '/users/me/activities'),
      read('sessions', user, () => '/auth/sessions'),
      read('presence', user, (index) => `/presence?user_ids=${accounts[index]!.id}`),
      read('friends', friend, () => '/friends'),
      read('friend_requests', friend, () => '/friends/requests'),
      read('friend_suggestions', friend, () => '/friends/suggestions'),
      read('rooms', chat, () => '/chat-rooms'),
      read('room_of_100', chat, () => `/chat-rooms/${groupId}`),
      read('members_of_100', chat, () => `/chat-rooms/${groupId}/members`),
      read('messages', chat, (index) => `/messages/${rooms[index]}`),
      read('changes', chat, (index) => `/messages/${rooms[index]}/changes?since_rev=0`),
      read('message_search', chat, () => `/messages/search?q=${encodeURIComponent('안녕')}`),
      read('gateway_rooms', gateway, () => '/api/chat-rooms'),
      read('gateway_messages', gateway, (index) => `/api/messages/${rooms[index]}`),
    ],
  }
}

/** The objective of the sources for every read endpoint. */
const P95_MS = 250
const SUCCESS_PERCENT = 99.9

export const workloads: readonly Workload[] = [
  {
    name: 'reads',
    title: 'every read endpoint, by 100 users at the same time, closed loop',
    sides: [{ name: 'product', start: () => startProductSide(USERS, 'endpoints.ts', configure) }],
    goals: [
      { figure: 'worst_p95_ms', atMost: P95_MS },
      { figure: 'success_percent', atLeast: SUCCESS_PERCENT },
    ],
    rounds: 1,
    options: { seconds: 34, warmUpSeconds: 4 },
  },
]
