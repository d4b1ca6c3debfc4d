import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually } from '@bigtech/testkit'
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

suite('what was applied', () => {
  test('is told once it is in the tables, and indexed room by room, each up to its latest', async () => {
    const steps: string[] = []
    let release = () => {}
    const applied = createApplied(
      { apply: async (_p, documents) => void steps.push(`applied ${documents.map(({ n }) => n).join()}`) },
      {
        async index(room, rev) {
          steps.push(`index ${room} to ${rev}`)
          await new Promise<void>((resolve) => (release = resolve))
        },
      },
    )
    applied.onStored((change) => void steps.push(`told of ${change.kind}`))
    await applied.apply(0, [said(1, 5)])
    await applied.apply(0, [said(2, 6), said(3, 6, 5)])
    assert.deepEqual(steps.splice(0), [
      'applied 1',
      'told of message',
      'index 5 to 1',
      'applied 2,3',
      'told of message',
      'told of message',
      'told of message',
    ])
    release()
    await eventually(() => assert.deepEqual(steps, ['index 6 to 3']))
    release()
    await eventually(() => assert.deepEqual(steps, ['index 6 to 3', 'index 5 to 3']))
    const closing = applied.close()
    release()
    await closing
    await applied.apply(0, [said(4, 7)])
    assert.deepEqual(steps.slice(2), ['applied 4', 'told of message'])
  })

  test('an index that fails is left to the searches; the rooms after it are indexed', async () => {
    const indexed: number[] = []
    const applied = createApplied(
      { apply: async () => {} },
      {
        async index(room) {
          indexed.push(room)
          throw new Error('the database is away')
        },
      },
    )
    await applied.apply(0, [said(1, 5, 6)])
    await eventually(() => assert.deepEqual(indexed, [5, 6]))
    await applied.close()
  })
})
