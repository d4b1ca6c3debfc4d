import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApplied } from './applied.ts'
import type { ChatDocument } from './entries.ts'

const row = (room_id: number, rev: number) => ({ room_id, rev, seq: rev })
const said = (n: number, ...rooms: number[]) =>
  ({
    p: 0,
    n,
    term: 1,
    at: n,
    by: 'a',
    entries: rooms.map((room) => ({ room, f: n, key: '', body: { v: 1, kind: 'message', row: row(room, n) } })),
  }) as unknown as ChatDocument

test('what was applied is told, and its rooms are to be indexed, once it is in the tables', async () => {
  const steps: string[] = []
  const applied = createApplied(
    {
      async apply(_p, documents) {
        await new Promise((resolve) => setImmediate(resolve))
        steps.push(`applied ${documents.map(({ n }) => n).join()}`)
      },
    },
    { add: (room) => void steps.push(`index ${room}`) },
  )
  applied.onStored((change) => void steps.push(`told of ${change.kind}`))
  await applied.apply(0, [said(1, 5)])
  await applied.apply(0, [said(2, 6), said(3, 6, 5)])
  assert.deepEqual(steps, [
    'applied 1',
    'told of message',
    'index 5',
    'applied 2,3',
    'told of message',
    'index 6',
    'told of message',
    'index 6',
    'told of message',
    'index 5',
  ])
})
