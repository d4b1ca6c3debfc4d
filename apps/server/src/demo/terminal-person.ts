import { randomBytes } from 'node:crypto'
import { createClient, timeline, type Client, type ConnectionState, type Sync, type SyncState } from '@bigtech/client'
import type { Column, Screen } from './terminal-screen.ts'

/** One of the two people of the demo: a signed-in client whose screen is a column. */
export type Person = { id: number; name: string; client: Client; sync: Sync }

export async function createPerson(options: {
  baseUrl: string
  name: string
  username: string
  column: Column
  screen: Screen
}): Promise<Person> {
  const { name, column, screen } = options
  const client = createClient({ baseUrl: options.baseUrl })
  // So that the demo can run any number of times against one server.
  const username = `${options.username}-${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('base64url')
  const email = `${username}@demo.invalid`
  const { id } = await client.auth.register({ email, username, password, display_name: name })
  await client.auth.login(email, password)

  const sync = client.sync({
    onState(state) {
      const described = describeState(state)
      if (described) screen.say(column, ...described)
    },
  })
  sync.subscribe(createPrinter(column, screen))
  await sync.ready({ timeoutMs: 10_000 })
  return { id, name, client, sync }
}

function describeState(state: ConnectionState): [string, 'green' | 'yellow' | 'red'] | undefined {
  switch (state.status) {
    case 'open':
      return ['● 연결됨 (connected)', 'green']
    case 'resuming':
      return ['◐ 놓친 것을 받는 중 (resuming)', 'yellow']
    case 'connecting':
      return undefined
    case 'reconnecting':
      return state.attempt === 1
        ? ['✗ 연결이 끊겼습니다 (connection lost)', 'red']
        : [`  ${state.attempt}번째 재시도를 기다림 (waiting for try ${state.attempt})`, 'red']
    case 'closed':
      return state.reason === 'closed' ? undefined : [`■ 종료: ${state.reason} (closed)`, 'red']
  }
}

type Seen = { text: string; mark: string }

/** Prints what changed between two states of the opened room: new lines, and new numbers beside old ones. */
function createPrinter(column: Column, screen: Screen): (state: SyncState) => void {
  const seen = new Map<string, Seen>()
  const typing = new Set<number>()
  return (state) => {
    for (const room of state.rooms.values()) {
      if (!room.window) continue
      for (const entry of timeline(state, room)) {
        const own = entry.kind === 'outgoing' || entry.message.user_id === state.me
        const text = entry.kind === 'outgoing' ? entry.outgoing.content : entry.message.content
        const mark = markOf(entry)
        const before = seen.get(entry.key)
        seen.set(entry.key, { text, mark })
        const author = own
          ? '나'
          : (state.people.get(entry.kind === 'message' ? entry.message.user_id : 0)?.display_name ?? '')
        if (!before) screen.say(column, `${author}: ${text} ${mark}`, own ? 'cyan' : undefined)
        else if (before.text !== text) screen.say(column, `  ✎ ${before.text} → ${text}`, 'magenta')
        else if (before.mark !== mark && own)
          screen.say(column, `  ${text}  ${before.mark || '·'} → ${mark || '읽음 (read)'}`, 'yellow')
      }
      for (const userId of room.typing.keys()) {
        if (!typing.has(userId))
          screen.say(column, `  ${state.people.get(userId)?.display_name ?? ''} 입력 중… (typing)`, 'dim')
        typing.add(userId)
      }
      for (const userId of typing) if (!room.typing.has(userId)) typing.delete(userId)
    }
  }
}

/** Kakao's number of those who have not read it; a clock for what is not stored yet. */
function markOf(entry: ReturnType<typeof timeline>[number]): string {
  if (entry.kind === 'message') return entry.unread > 0 ? `[${entry.unread}]` : ''
  return entry.outgoing.status === 'failed' ? '[!]' : '[…]'
}
