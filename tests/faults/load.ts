import { createClient, type Client } from '@bigtech/client'
import { PASSWORD, signIn } from '../support/index.ts'

/** Somebody who uses the messenger all the time, with the SDK, and remembers what they were told was done. */
export type Busy = Readonly<{
  id: number
  client: Client
  /** Texts that were acknowledged. */
  sent: string[]
  /** The last name that was acknowledged. */
  name(): string
}>

export type Load = Readonly<{
  people: readonly Busy[]
  roomId: number
  /** Reads as one of them, without the SDK. */
  reader: { get<T>(path: string): Promise<T> }
  /** What failed although the SDK had repeated it. */
  failures: string[]
  /** How much was done. */
  done(): number
  stop(): Promise<void>
}>

/** People of one room, who write, change their names and ask each other to be friends, until they are stopped. */
export async function startLoad(baseUrl: string, count = 4): Promise<Load> {
  const run = Math.random().toString(36).slice(2, 8)
  const people = await Promise.all(Array.from({ length: count }, (_, n) => join(baseUrl, `busy_${run}_${n}`)))
  const room = await people[0]!.client.rooms.createGroup({
    name: '바쁜 방',
    member_ids: people.slice(1).map(({ id }) => id),
  })
  const failures: string[] = []
  let done = 0
  const stop = new AbortController()

  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
      done++
    } catch (error) {
      failures.push(`${what}: ${String(error)}`)
    }
  }
  const live = people.map(async (one, n) => {
    for (let i = 0; !stop.signal.aborted; i++) {
      const text = `${one.id}:${i}`
      await attempt('send', async () => {
        await one.client.messages.send(room.id, { content: text, client_message_id: `load-${one.id}-${i}` })
        one.sent.push(text)
      })
      await attempt('rename', async () => {
        const display_name = `이름 ${one.id} ${i}`
        await one.client.profile.update({ display_name })
        one.rename(display_name)
      })
      const other = people[(n + 1) % people.length]!
      await attempt('friends', async () => {
        const { id, status } = await one.client.friends.request(other.id)
        if (status === 'pending') await one.client.friends.cancel(id)
      })
      await attempt('read', async () => {
        await one.client.rooms.list()
        await one.client.users.search('이름')
      })
    }
  })

  return {
    people,
    roomId: room.id,
    reader: await signIn(
      { gateway: baseUrl, user: baseUrl, friend: baseUrl, chat: baseUrl, analytics: baseUrl },
      { ...people[0]!, name: people[0]!.name() },
    ),
    failures,
    done: () => done,
    async stop() {
      stop.abort()
      await Promise.all(live)
    },
  }
}

async function join(baseUrl: string, username: string) {
  const client = createClient({ baseUrl })
  const email = `${username}@example.com`
  const { id } = await client.auth.register({ email, username, password: PASSWORD })
  await client.auth.login(email, PASSWORD)
  let name = username
  return { id, email, client, sent: [] as string[], name: () => name, rename: (to: string) => void (name = to) }
}
