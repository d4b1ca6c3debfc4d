import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'
import type { Memberships } from '../../ports.ts'
import { openStream, type Frame } from '../../stream.fixture.ts'
import { openProcesses } from './store.fixture.ts'

type RoomIds = Awaited<ReturnType<Memberships['roomIdsOf']>>

/**
 * Two chat-services on one log, each with streams of its own.
 * @param roomIdsOf between the tables and whoever asks them for somebody's rooms
 */
async function openTwo(t: TestContext, roomIdsOf = async (ids: RoomIds): Promise<RoomIds> => ids) {
  const { all, people, files, outbox } = await openProcesses(t, ['a#1', 'b#1'])
  // The log is the outbox: its owners publish.
  const idle = {
    ...outbox,
    claim: async () => [],
    stats: async () => ({ pending: 0, parked: 0, oldest_created_at: null }),
  }
  const none = async () => undefined
  const [a, b] = await Promise.all(
    all.map((store) => {
      const rooms = { ...store.rooms, roomIdsOf: async (id: number) => roomIdsOf(await store.rooms.roomIdsOf(id)) }
      return startService(t, { ...store, rooms, people, files, outbox: idle, prune: none, check: none })
    }),
  )
  return { a: a!, b: b!, all }
}

const isMessage = (text: string) => (frame: Frame) =>
  frame.type === 'message' && (frame['message'] as MessageView).content === text

suite('streams of many processes on one log', () => {
  test('are told what is done elsewhere, of rooms they are in and come into, until they leave', async (t) => {
    const { a, b } = await openTwo(t)
    const { id } = await a.group(MINSU, JIWOO)
    const stream = await openStream(t, b, JIWOO)
    const away = await openStream(t, b, EMMA)
    await a.say(MINSU, id, '하나')
    await stream.frame(isMessage('하나'))
    const { id: later } = await a.group(MINSU, EMMA)
    await away.frame(({ type, room_id }) => type === 'room_joined' && room_id === later)
    await a.say(MINSU, later, '어서 와')
    await away.frame(isMessage('어서 와'))
    assert.ok(!away.frames.some(isMessage('하나')))
    await a.call(MINSU, 'DELETE', `/chat-rooms/${id}/members/${JIWOO}`)
    await stream.frame(({ type, room_id }) => type === 'room_left' && room_id === id)
    await a.say(MINSU, id, '둘')
    await a.say(MINSU, later, '셋')
    await away.frame(isMessage('셋'))
    assert.ok(!stream.frames.some(isMessage('둘')))
  })

  test('hear nothing of a room that was left while it was looked up', async (t) => {
    let meanwhile = async (): Promise<void> => undefined
    const { a, b, all } = await openTwo(t, async (ids) => {
      await meanwhile()
      return ids
    })
    const { id } = await a.group(MINSU, JIWOO, EMMA)
    const other = await openStream(t, b, EMMA)
    const told: string[] = []
    all[1]!.feed.onCommitted(({ kind }) => void told.push(kind))
    meanwhile = async () => {
      await a.call(MINSU, 'DELETE', `/chat-rooms/${id}/members/${JIWOO}`)
      await eventually(() => assert.ok(told.includes('left')))
    }
    const stream = await openStream(t, b, JIWOO)
    await a.say(MINSU, id, '우리끼리')
    await other.frame(isMessage('우리끼리'))
    // What is sent to one person's streams comes after it.
    const { id: later } = await a.group(EMMA, JIWOO)
    await stream.frame(({ type, room_id }) => type === 'room_joined' && room_id === later)
    assert.deepEqual(
      stream.frames.filter(({ room_id }) => room_id === id).map(({ type }) => type),
      ['room_left'],
    )
  })

  test('go on where they were on another process', async (t) => {
    const { a, b } = await openTwo(t)
    const { id } = await a.group(MINSU, JIWOO)
    const stream = await openStream(t, a, JIWOO)
    await b.say(MINSU, id, '하나')
    await stream.frame(isMessage('하나'))
    await stream.close()
    await b.say(MINSU, id, '둘')
    const resumed = await openStream(t, b, JIWOO, stream.token())
    await resumed.frame(({ type }) => type === 'replayed')
    const rows = resumed.frames.flatMap((frame) => (frame['messages'] as MessageView[] | undefined) ?? [])
    assert.ok(rows.some(({ content }) => content === '둘'))
    await a.say(MINSU, id, '셋')
    await resumed.frame(isMessage('셋'))
  })

  test('leave nothing behind: nobody is told for who is gone', async (t) => {
    const { a, b, all } = await openTwo(t)
    const { id } = await a.group(MINSU, JIWOO)
    const told: unknown[] = []
    all[1]!.feed.onCommitted((change) => void told.push(change.kind))
    const streams = [await openStream(t, b, JIWOO), await openStream(t, b, JIWOO)]
    await a.say(MINSU, id, '하나')
    for (const stream of streams) await stream.frame(isMessage('하나'))
    assert.ok(told.includes('message'))
    for (const stream of streams) await stream.close()
    await eventually(async () => {
      const before = told.length
      await a.say(MINSU, id, '둘')
      const p = id % all[1]!.node.status().length
      await eventually(() => assert.ok(all[1]!.node.status()[p]!.seen.n >= all[0]!.node.status()[p]!.seen.n))
      assert.equal(told.length, before)
    })
  })
})
