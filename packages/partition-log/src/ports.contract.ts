export * from './memory.fixture.ts'
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { LogDocument } from './document.ts'
import type { Coordination, Cursors, Lease, LogStore } from './ports.ts'

type Scope = { after(close: () => unknown): void }
type Bodies = { body: string; command: never; answer: never; state: never }

const document = (n: number, by: string, text = by): LogDocument<Bodies> => ({
  p: 1,
  n,
  term: 3,
  at: 1_700_000_000_000_000 + n,
  by,
  entries: [{ room: 11, f: n, key: `k${n}`, control: { joins: [1], leaves: [2], only: 3 }, body: text }],
})
const together = <Answer>(count: number, one: (i: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, i) => one(i)))

/** What every adapter of LogStore promises. @param open two processes with the same, empty log */
export function logStoreContract(
  name: string,
  open: (t: Scope) => Promise<readonly [LogStore<Bodies>, LogStore<Bodies>]>,
): void {
  suite(`log store: ${name}`, () => {
    test('of many documents for a place one is there, for everybody, and its writer alone is told so', async (t) => {
      const both = await open(t)
      for (let n = 1; n <= 5; n++) {
        const outcomes = await together(20, (i) => both[i % 2]!.append(document(n, `by ${i}`)))
        const winners = outcomes.flatMap((outcome, i) => (outcome === 'appended' ? [i] : []))
        assert.equal(winners.length, 1, `${winners.length} have place ${n}`)
        for (const store of both) assert.deepEqual(await store.read(1, n, 1), [document(n, `by ${winners[0]}`)])
      }
    })

    test('the same document again is told that there is one, and changes nothing', async (t) => {
      const [store] = await open(t)
      assert.equal(await store.append(document(1, 'a')), 'appended')
      assert.equal(await store.append(document(1, 'a')), 'exists')
      assert.equal(await store.append(document(1, 'b')), 'exists')
      assert.deepEqual(await store.read(1, 1, 10), [document(1, 'a')])
    })

    test('what was appended before a read is in it, wherever; in order, from n on, no more than asked for', async (t) => {
      const [here, there] = await open(t)
      assert.deepEqual(await there.read(1, 1, 10), [])
      for (let n = 1; n <= 12; n++) {
        await here.append(document(n, 'a'))
        assert.deepEqual(await there.read(1, n, 10), [document(n, 'a')])
      }
      const places = async (from: number, limit: number) => (await there.read(1, from, limit)).map(({ n }) => n)
      assert.deepEqual(await places(1, 3), [1, 2, 3])
      assert.deepEqual(await places(9, 100), [9, 10, 11, 12])
      assert.deepEqual(await places(13, 1), [])
    })

    test('what was emptied is read by nobody, and its place stays taken by who wrote it', async (t) => {
      const [here, there] = await open(t)
      for (let n = 1; n <= 5; n++) await here.append(document(n, `by ${n}`))
      await here.empty(1, 1, 3)
      await here.empty(1, 1, 3)
      assert.deepEqual(await there.read(1, 1, 10), [])
      assert.deepEqual(await there.read(1, 3, 10), [])
      assert.deepEqual(
        (await there.read(1, 4, 10)).map(({ n }) => n),
        [4, 5],
      )
      assert.equal(await there.append(document(2, 'late')), 'exists')
      assert.equal(await there.writerOf(1, 2), 'by 2')
      assert.equal(await there.writerOf(1, 5), 'by 5')
      assert.equal(await there.writerOf(1, 6), undefined)
      assert.equal(await there.append(document(6, 'next')), 'appended')
    })

    test('partitions have nothing to do with each other', async (t) => {
      const [store] = await open(t)
      await store.append(document(1, 'a'))
      assert.equal(await store.append({ ...document(1, 'b'), p: 0 }), 'appended')
      assert.deepEqual(
        (await store.read(0, 1, 10)).map(({ by }) => by),
        ['b'],
      )
    })

    test('a document of a MiB comes back as it was, and so does an empty one', async (t) => {
      const [here, there] = await open(t)
      const large = document(1, 'a', '김치 👍🏽 '.repeat(60_000))
      await here.append(large)
      await here.append({ ...document(2, 'a'), entries: [] })
      assert.deepEqual(await there.read(1, 1, 2), [large, { ...document(2, 'a'), entries: [] }])
    })
  })
}

/** What every adapter of Coordination promises. @param open two processes with the same, empty store */
export function coordinationContract(
  name: string,
  open: (t: Scope) => Promise<readonly [Coordination, Coordination]>,
): void {
  const lease: Lease = { p: 4, holder: 'a#1', next: null, term: 1, floor: 1_700_000_000_000_000, version: 1 }

  suite(`coordination: ${name}`, () => {
    test('a lease is written over the version before it, and over no other', async (t) => {
      const [here, there] = await open(t)
      assert.equal(await here.write({ ...lease, version: 2 }), false)
      assert.equal(await here.write(lease), true)
      assert.equal(await there.write({ ...lease, holder: 'b#1' }), false)
      assert.deepEqual((await there.read()).leases, [lease])
      const next = { ...lease, holder: null, next: 'b#1', floor: lease.floor + 5, version: 2 }
      assert.equal(await there.write(next), true)
      assert.equal(await here.write({ ...lease, version: 2 }), false)
      assert.equal(await here.write({ ...lease, version: 4 }), false)
      assert.deepEqual((await here.read()).leases, [next])
    })

    test('of many who write the same version one does, whether the lease is new or not', async (t) => {
      const both = await open(t)
      for (let version = 1; version <= 5; version++) {
        const outcomes = await together(20, (i) => both[i % 2]!.write({ ...lease, holder: `n#${i}`, version }))
        assert.equal(outcomes.filter(Boolean).length, 1)
        const [stored] = (await both[0].read()).leases
        assert.equal(stored!.holder, `n#${outcomes.indexOf(true)}`)
      }
    })

    test('processes are listed with their highest beat until they leave', async (t) => {
      const [here, there] = await open(t)
      await here.beat({ node: 'a#1', beat: 2 })
      await here.beat({ node: 'a#1', beat: 1 })
      await there.beat({ node: 'b#1', beat: 1 })
      const sorted = async () => [...(await there.read()).nodes].sort((a, b) => a.node.localeCompare(b.node))
      assert.deepEqual(await sorted(), [
        { node: 'a#1', beat: 2 },
        { node: 'b#1', beat: 1 },
      ])
      await here.leave('b#1')
      await here.leave('nobody#1')
      assert.deepEqual(await sorted(), [{ node: 'a#1', beat: 2 }])
    })
  })
}

/** What every adapter of Cursors promises. @param open two processes with the same, empty store */
export function cursorsContract(name: string, open: (t: Scope) => Promise<readonly [Cursors, Cursors]>): void {
  suite(`cursors: ${name}`, () => {
    test('a cursor begins with 0 and never goes back', async (t) => {
      const [here, there] = await open(t)
      assert.equal(await here.read(2), 0)
      await here.advance(2, 7)
      await there.advance(2, 5)
      assert.equal(await there.read(2), 7)
      await together(20, (i) => (i % 2 === 0 ? here : there).advance(2, 10 + i))
      assert.equal(await here.read(2), 29)
      assert.equal(await here.read(3), 0)
    })
  })
}
