import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EventRecord } from '@bigtech/messaging'
import { eventId, type Entry, type LogDocument } from '@bigtech/partition-log'
import fc from 'fast-check'
import { republishPartition } from './republish.ts'
import type { Chat } from './shape.ts'

/** One entry that tells something, in a document of that time. */
const document = (n: number, at: number): LogDocument<Chat> => ({
  p: 3,
  n,
  term: 1,
  at: at * 1_000,
  by: 'one',
  entries: [
    {
      room: 10,
      body: {
        v: 1,
        kind: 'left',
        user_id: n,
        via: 'left',
        new_owner: null,
        member_count: 1,
        withdrawn: [],
        on: { now: at },
      },
    } as unknown as Entry<Chat>,
  ],
})

function logOf(times: readonly number[], emptied: number) {
  const all = times.map((at, index) => document(index + 1, at))
  const read = async (_p: number, from: number, limit: number) =>
    from <= emptied ? [] : all.slice(from - 1, from - 1 + limit)
  return { read } as never
}

describe('republishing', () => {
  it('tells all that was told since a time, in order, and says when the log has not all of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 130 }),
        fc.nat(700),
        fc.nat(130),
        fc.nat(130),
        async (steps, since, told, gone) => {
          let at = 0
          const times = steps.map((step) => (at += step + 1))
          const cursor = Math.min(told, times.length)
          const emptied = Math.min(gone, cursor)
          const published: string[] = []
          const bus = {
            publish: async (events: readonly EventRecord[]) =>
              void published.push(...events.map(({ value }) => value.event_id)),
          }
          const cursors = { read: async () => cursor, advance: async () => assert.fail('the cursor is the owner’s') }
          const { events, isWhole } = await republishPartition({ log: logOf(times, emptied), cursors, bus }, 3, since)
          const wanted = times.flatMap((time, index) =>
            time >= since && index < cursor && index >= emptied ? [eventId(3, index + 1, 0)] : [],
          )
          assert.deepEqual(published, wanted)
          assert.equal(events, wanted.length)
          const lacks = times.some((time, index) => time >= since && index < emptied)
          if (lacks) assert.equal(isWhole, false)
          // When an older one is there, nothing is lacking, and that is known.
          if (times.some((time, index) => time < since && index >= emptied && index < cursor)) assert.ok(isWhole)
        },
      ),
    )
  })
})
