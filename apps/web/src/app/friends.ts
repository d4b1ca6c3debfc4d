import type { Friend, ListedFriendRequest, PersonFrame } from '@bigtech/client'
import { computed, shallowReactive, watch } from 'vue'
import { chat } from './chat.ts'
import { client } from './client.ts'
import { errorText } from './errors.ts'
import { renewProfile, session } from './session.ts'

type FriendsState = {
  loaded: boolean
  problem: string | undefined
  friends: readonly Friend[]
  received: readonly ListedFriendRequest[]
  sent: readonly ListedFriendRequest[]
}
const empty: FriendsState = { loaded: false, problem: undefined, friends: [], received: [], sent: [] }

/** Friends and requests, kept current: each `friend` frame says that something of them changed. */
export const friends = shallowReactive<FriendsState>({ ...empty })

export const requestCount = computed(() => friends.received.length)

/** All pages: people have hundreds of friends, not thousands. */
export async function everything<T>(
  page: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor: string | null }>,
) {
  const items: T[] = []
  for (let cursor: string | undefined; ;) {
    const found = await page(cursor)
    items.push(...found.items)
    if (found.next_cursor === null) return items
    cursor = found.next_cursor
  }
}

let running: Promise<void> | undefined
let again = false

/** Loads all three lists; calls meanwhile are one more load after it. */
export function loadFriends(): Promise<void> {
  if (running) {
    again = true
    return running
  }
  running = load().finally(() => {
    running = undefined
    if (again) {
      again = false
      void loadFriends()
    }
  })
  return running
}

async function load(): Promise<void> {
  try {
    const [list, received, sent] = await Promise.all([
      everything((cursor) => client.friends.list({ limit: 100, ...(cursor ? { cursor } : {}) })),
      everything((cursor) =>
        client.friends.requests({ direction: 'received', limit: 100, ...(cursor ? { cursor } : {}) }),
      ),
      everything((cursor) => client.friends.requests({ direction: 'sent', limit: 100, ...(cursor ? { cursor } : {}) })),
    ])
    Object.assign(friends, { loaded: true, problem: undefined, friends: list, received, sent })
  } catch (error) {
    friends.problem = errorText(error)
  }
}

/** Whether a friend is online: as the stream last said, else as the list did. */
export const isOnline = (friend: Friend): boolean =>
  chat.state.value.presence.get(friend.user_id)?.online ?? friend.online ?? false

/** Another name or picture of somebody who may be a friend, or have asked to be one. */
function rename({ type: _type, room_id: _room, previous_name: _before, ...news }: PersonFrame): void {
  const renamed = <Person extends { user_id: number }>(person: Person): Person =>
    person.user_id === news.user_id ? { ...person, ...news } : person
  const asked = (request: ListedFriendRequest) => ({ ...request, user: renamed(request.user) })
  friends.friends = friends.friends.map(renamed)
  friends.received = friends.received.map(asked)
  friends.sent = friends.sent.map(asked)
}

chat.onFrame((frame) => {
  if (frame.type === 'person') {
    rename(frame)
    // What is being loaded may be older.
    if (running) again = true
    if (frame.user_id === session.me?.id && frame.room_id === undefined) void renewProfile()
  }
  // What happened while the stream was away is not told again.
  if (frame.type === 'friend' || frame.type === 'hello') void loadFriends()
})
watch(
  () => session.status,
  (status) => status === 'out' && Object.assign(friends, empty),
)
