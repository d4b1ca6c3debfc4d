import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { LogDocument } from '@bigtech/partition-log'
import { eventually, type Proxy } from '@bigtech/testkit'
import type { ChatLog } from './mysql/open.ts'

type Scope = { after(close: () => unknown): void }
export type LogBodies = { body: unknown; command: never; answer: never; state: never }
type Log = ChatLog<LogBodies>

/** Two processes on one empty log, and a third behind a proxy, with one connection that is given up after half a second. */
export type LogUnderTest = Readonly<{
  both: readonly [Log, Log]
  far(t: TestContext): Promise<Readonly<{ proxy: Proxy; far: Log }>>
  /** Another process, which says where it is reached. */
  at(t: TestContext, address: () => string | undefined): Promise<Log>
}>

export const document = (n: number, by: string, bodies: readonly unknown[] = [by]): LogDocument<LogBodies> => ({
  p: 1,
  n,
  term: 3,
  at: 1_700_000_000_000_000 + n,
  by,
  entries: bodies.map((body, i) => ({ room: 11, f: n + i, key: `k${n}-${i}`, body })),
})

/** What an engine of the log promises beyond the ports of the library: outcomes that nobody knows, and values as they were. */
export function chatLogContract(open: (t: Scope) => Promise<LogUnderTest>): void {
  test('an insert whose answer is lost rejects; repeated it is there once, and is told that it exists', async (t) => {
    const { both, ...more } = await open(t)
    const { proxy, far } = await more.far(t)
    await far.check()
    const passed = proxy.pauseAfter(1)
    const appending = far.log.append(document(1, 'a'))
    // Looked at where it is expected; until then it is no failure that nobody has seen.
    appending.catch(() => undefined)
    await passed
    // It has reached the server, which carries it out; the answer is held back, and the connection is lost with it.
    await eventually(async () => assert.equal((await both[0].log.read(1, 1, 1)).length, 1))
    proxy.cut()
    await assert.rejects(appending, { code: 'STORAGE_UNCERTAIN' })
    await assert.rejects(far.log.append(document(1, 'a')), { code: 'STORAGE_UNAVAILABLE' })
    proxy.mend()
    // An engine may need a moment until it is found again.
    assert.equal(await eventually(() => far.log.append(document(1, 'a'))), 'exists')
    assert.deepEqual(await far.log.read(1, 1, 10), [document(1, 'a')])
  })

  test('a server that is silent is given up, and what it says is not taken for an outcome', async (t) => {
    const { proxy, far } = await (await open(t)).far(t)
    await far.check()
    proxy.pause()
    await assert.rejects(far.log.append(document(1, 'a')), { code: 'STORAGE_UNCERTAIN' })
    await assert.rejects(far.log.read(1, 1, 1), { code: 'STORAGE_UNAVAILABLE' })
    await assert.rejects(far.check(), { code: /^STORAGE_/ })
    proxy.mend()
    await eventually(() => far.check())
  })

  test('a lease whose answer is lost may be written; repeated it is refused, and the next version goes on', async (t) => {
    const { both, ...more } = await open(t)
    const { proxy, far } = await more.far(t)
    const lease = { p: 1, holder: 'a#1', next: null, term: 1, floor: 5, version: 1 }
    await far.check()
    const passed = proxy.pauseAfter(1)
    const writing = far.coordination.write(lease)
    writing.catch(() => undefined)
    await passed
    await eventually(async () => assert.equal((await both[0].coordination.read()).leases.length, 1))
    proxy.cut()
    await assert.rejects(writing, { code: 'STORAGE_UNCERTAIN' })
    proxy.mend()
    assert.equal(await eventually(() => far.coordination.write(lease)), false)
    assert.equal(await far.coordination.write({ ...lease, version: 2 }), true)
  })

  test('bodies come back as they were: four bytes a character, quotes, half of a pair, large numbers', async (t) => {
    const { both } = await open(t)
    const bodies = [
      '👩‍👩‍👧‍👦 𠮷 김치',
      `' " \\ \\' ; -- ? :x \0 \n \u2028 \x1a`,
      '\ud83d',
      { $set: { 'a.b': [] }, $: 1 },
      { microseconds: Number.MAX_SAFE_INTEGER, beyond: 2 ** 53 + 2, large: 1e300, small: 5e-324, none: null },
    ]
    assert.equal(await both[0].log.append(document(1, "b'y 👍🏽", bodies)), 'appended')
    assert.deepEqual(await both[1].log.read(1, 1, 1), [document(1, "b'y 👍🏽", bodies)])
  })

  test('places and times are right up to 2^53 - 1, and refused beyond', async (t) => {
    const { both } = await open(t)
    const [{ log, coordination, cursors }] = both
    const last = Number.MAX_SAFE_INTEGER
    const largest = { ...document(1, 'a'), n: last, term: last, at: last }
    assert.equal(await log.append(largest), 'appended')
    assert.deepEqual(await log.read(1, last, 1), [largest])
    for (const beyond of [{ n: 2 ** 53 }, { term: 2 ** 53 }, { at: 2 ** 53 + 2 }, { at: 1.5 }])
      await assert.rejects(log.append({ ...document(2, 'a'), ...beyond }), RangeError)
    const lease = { p: 1, holder: 'a#1', next: null, term: last, floor: last, version: 1 }
    await assert.rejects(coordination.write({ ...lease, floor: 2 ** 53 }), RangeError)
    assert.equal(await coordination.write(lease), true)
    assert.deepEqual((await both[1].coordination.read()).leases, [lease])
    await assert.rejects(cursors.advance(1, 2 ** 53), RangeError)
    await cursors.advance(1, last)
    assert.equal(await both[1].cursors.read(1), last)
  })

  test('a read ends before a hole', async (t) => {
    const { both } = await open(t)
    for (const n of [1, 2, 4]) await both[0].log.append(document(n, 'a'))
    const places = async (from: number) => (await both[1].log.read(1, from, 10)).map(({ n }) => n)
    assert.deepEqual(await places(1), [1, 2])
    assert.deepEqual(await places(3), [])
    assert.deepEqual(await places(4), [4])
  })

  test('a process is found where it says that it is, from its first beat until it leaves', async (t) => {
    const { both, at } = await open(t)
    let address: string | undefined
    const far = await at(t, () => address)
    await far.coordination.beat({ node: 'c#1', beat: 1 })
    assert.equal(await both[0].coordination.addressOf('c#1'), undefined)
    address = 'http://10.0.0.3:9002'
    await far.coordination.beat({ node: 'c#1', beat: 2 })
    assert.equal(await both[0].coordination.addressOf('c#1'), address)
    await far.coordination.leave('c#1')
    assert.equal(await both[1].coordination.addressOf('c#1'), undefined)
  })
}
