import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Context } from './context.ts'
import type { Control, Entry } from './document.ts'
import { RoomStream, type Listener } from './room-stream.ts'
import { RULES } from './rules.ts'

type Bodies = { body: null; command: never; answer: never; state: never }

const entry = (f: number, control?: Control): Entry<Bodies> => ({
  room: 1,
  f,
  key: `k${f}`,
  body: null,
  ...(control && { control }),
})

function listen(f: number) {
  const told: [member: number, f: number][] = []
  const brought: number[] = []
  const listeners = [1, 2, 3].map((member): Listener<Bodies> => ({
    member,
    streams: new Set(),
    entry: (one) => void told.push([member, one.f]),
  }))
  const state = { isEmptied: false }
  const subscription = { effective: Promise.resolve(), stop: () => undefined }
  const context = { rules: RULES, ports: { broker: { onFrame: () => subscription } } } as unknown as Context<Bodies>
  const stream = new RoomStream(context, 1, f, {
    listenersOf: (members) => listeners.filter(({ member }) => members.includes(member)),
    brought: ({ f: one }) => void brought.push(one),
    emptied: () => (state.isEmptied = true),
  })
  return { stream, told, brought, state, listener: (member: number) => listeners[member - 1]! }
}

suite('room stream', () => {
  test('brings entries in order, once, whatever comes when', () => {
    const { stream, told, brought, listener } = listen(4)
    stream.attach(listener(1), 4)
    stream.attach(listener(2), 9)
    for (const f of [7, 4, 6, 7, 2, 5, 5, 8]) stream.offer(entry(f))
    assert.deepEqual(brought, [5, 6, 7, 8])
    assert.deepEqual(
      told.map(([, f]) => f),
      [5, 6, 7, 8],
    )
  })

  test('who joins sees it, who leaves sees that and nothing after it', () => {
    const { stream, told, listener } = listen(0)
    stream.attach(listener(1), 0)
    stream.offer(entry(1, { joins: [2] }))
    stream.offer(entry(2))
    stream.offer(entry(3, { leaves: [1] }))
    stream.offer(entry(4))
    assert.deepEqual(told, [
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
      [1, 3],
      [2, 3],
      [2, 4],
    ])
  })

  test('what is for one is told to one', () => {
    const { stream, told, listener } = listen(0)
    stream.attach(listener(1), 0)
    stream.attach(listener(2), 0)
    stream.offer(entry(1, { only: 2 }))
    assert.deepEqual(told, [[2, 1]])
  })

  test('is not given up while somebody who left is about to come back', () => {
    const { stream, told, state, listener } = listen(0)
    stream.attach(listener(1), 0)
    // The announcement came before the frames.
    stream.offer(entry(2, { leaves: [1] }))
    stream.offer(entry(4, { joins: [1] }))
    stream.offer(entry(1))
    assert.equal(state.isEmptied, false)
    stream.offer(entry(3))
    stream.offer(entry(5))
    assert.deepEqual(
      told.map(([, f]) => f),
      [1, 2, 4, 5],
    )
    stream.offer(entry(6, { leaves: [1] }))
    assert.equal(state.isEmptied, true)
  })

  test('an entry seen before the room had listeners brings nobody in, and puts nobody out who came after it', () => {
    const { stream, told, listener } = listen(0)
    stream.attach(listener(1), 0)
    stream.attach(listener(3), 3)
    stream.offer(entry(1, { joins: [2] }), true)
    stream.offer(entry(2, { leaves: [2, 3] }), true)
    stream.offer(entry(3, { joins: [3] }), true)
    stream.offer(entry(4))
    assert.deepEqual(told, [
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [3, 4],
    ])
  })
})
