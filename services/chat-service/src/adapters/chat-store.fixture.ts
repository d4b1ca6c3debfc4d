import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Outbox } from '@bigtech/messaging'
import { eventually } from '@bigtech/testkit'
import type {
  ChangeFeed,
  ClosureStore,
  Committed,
  FileStore,
  MessageLog,
  NewMessage,
  PeopleReadModel,
  RoomStore,
} from '../ports.ts'

export type OpenStore = (t: TestContext) => Promise<StoreUnderTest>

export type StoreUnderTest = {
  messages: MessageLog
  rooms: RoomStore
  feed: ChangeFeed
  people: PeopleReadModel
  files: FileStore
  closures: ClosureStore
  outbox: Outbox
  /**
   * From now on every commit that stores a message fails, though what leads to it succeeds; until the function it gives is called.
   * `forGood`: what failed is never carried out. Else it may be then.
   */
  failCommits(): { mend: () => void; forGood: boolean }
}

export const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
export const change = (actor: number) => ({ actor, now: 1_000, traceparent })

export const text = (
  room_id: number,
  user_id: number,
  content: string,
  client_message_id: string | null = null,
): NewMessage => ({
  room_id,
  user_id,
  message_type: 'text',
  content,
  reply_to: null,
  reply_to_user_id: null,
  file: null,
  client_message_id,
  now: 1_000,
  traceparent,
})

export const sequence = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** What the feed tells from now on of the rooms of these people. What was done before may still be on its way: it is waited for. */
export async function hear(store: Pick<StoreUnderTest, 'feed'>, ...users: readonly number[]): Promise<Committed[]> {
  const told: Committed[] = []
  store.feed.onCommitted((change) => void told.push(change))
  for (const user of users) await store.feed.follow(user, () => assert.fail('the feed was lost'))
  for (const user of users) await tokenOfNow(store, user)
  told.length = 0
  return told
}

/** A token that stands for all that was done so far to rooms of this person. Each of two processes, which answer in turn, may learn of it a moment later. */
export async function tokenOfNow(store: Pick<StoreUnderTest, 'feed'>, user_id: number): Promise<string> {
  return eventually(async () => {
    const tokens = [store.feed.token(), store.feed.token()]
    for (const token of tokens) {
      const missed = await store.feed.missed({ user_id, token, limit: 1, total: 1 })
      assert.deepEqual([missed?.rooms, missed?.left], [[], []])
    }
    return tokens[0]!
  })
}

type Rooms = Pick<StoreUnderTest, 'rooms'>
export const group = async (store: Rooms, members: number[], name = '모임', now = 1_000, owner = 1) => {
  const outcome = await store.rooms.createGroup({ ...change(owner), now, name, member_ids: members })
  assert.ok(typeof outcome === 'object', `createGroup answered ${JSON.stringify(outcome)}`)
  return outcome.room_id
}
export const direct = async (store: Rooms, user_id: number, other_id: number) => {
  const outcome = await store.rooms.openDirect({ user_id, other_id, now: 1, traceparent })
  assert.ok(typeof outcome === 'object', 'the direct room was refused')
  return outcome
}
export const send = async (store: Pick<StoreUnderTest, 'messages'>, message: NewMessage) => {
  const outcome = await store.messages.append(message)
  assert.ok(typeof outcome === 'object', `append answered ${JSON.stringify(outcome)}`)
  return outcome
}
export const all = (store: Pick<StoreUnderTest, 'messages'>, room_id: number, after = 0) =>
  store.messages.page({ room_id, after, before: Number.MAX_SAFE_INTEGER, limit: 10_000, fromEnd: false })
