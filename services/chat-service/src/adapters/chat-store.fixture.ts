import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Outbox } from '@bigtech/messaging'
import type {
  ChangeFeed,
  ClosureStore,
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
  /** From now on every commit that stores a message fails, though its statements succeed; until the function it gives is called. */
  failCommits(): () => void
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
  file: null,
  client_message_id,
  now: 1_000,
  traceparent,
})

export const sequence = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

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
