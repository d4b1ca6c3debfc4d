import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Context, Ports } from './context.ts'
import type { Entry, Position } from './document.ts'
import { LeaseHold } from './lease-hold.ts'
import { createMemoryCoordination, createMemoryCursors, createMemoryLog } from './memory.fixture.ts'
import { Owner } from './owner.ts'
import type { Broker, Lease } from './ports.ts'
import { RULES } from './rules.ts'
import { DEFAULTS, type Settings } from './settings.ts'

/** Says what it is told, and refuses to say nothing. */
type Echo = { body: string; command: string; answer: number | 'refused'; state: { f: number } }

const idle = { effective: Promise.resolve(), stop: () => undefined }
const silent: Broker<Echo> = {
  announce: () => undefined,
  publish: () => undefined,
  wake: () => undefined,
  onAnnouncement: () => idle,
  onFrame: () => idle,
  onWake: () => idle,
}

async function startOwner(others: Partial<Ports<Echo>> = {}, settings: Partial<Settings> = {}) {
  const time = { ms: 0 }
  const runtime = {
    now: () => time.ms,
    monotonic: () => time.ms,
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
    random: () => 0.5,
  }
  const log = createMemoryLog<Echo>()
  const position = { n: 0, at: 0 }
  const context: Context<Echo> = {
    node: 'a#1',
    rules: RULES,
    settings: { ...DEFAULTS, partitions: 1, ...settings },
    ports: {
      log,
      coordination: createMemoryCoordination(),
      projections: {
        positions: async () => [{ ...position }],
        apply: async (_, documents) =>
          void Object.assign(position, { n: documents.at(-1)!.n, at: documents.at(-1)!.at }),
        memberships: async () => [],
      },
      machine: {
        create: () => ({ f: 0 }),
        load: () => undefined,
        decide: ({ f }, { key, body }, earlier) => {
          if (earlier) return { entries: [], answer: earlier.f }
          if (body === '') return { entries: [], answer: 'refused' }
          const entry: Entry<Echo> = { room: 0, f: f + 1, key, body }
          return { entries: [entry], answer: f + 1 }
        },
        apply: (state, { f }) => void (state.f = f),
      },
      bus: { publish: async () => undefined },
      cursors: createMemoryCursors(),
      broker: silent,
      network: { request: () => Promise.reject(new Error('nobody else is there')) },
      runtime,
      ...others,
    },
  }
  const lease = { p: 0, holder: 'a#1', next: null, term: 2, floor: 0, version: 1 }
  await context.ports.coordination.write(lease)
  const owner = new Owner(context, 0, new LeaseHold(lease, 0, context.ports.coordination, runtime))
  await owner.start()
  const say = (key: string, body: string, call = key) => owner.submit([{ key, call, body }])
  return { owner, say, log, time, position }
}

suite('owner', () => {
  test('begins with a document of its own, and answers a repeated key with the first answer', async () => {
    const { say, log } = await startOwner()
    assert.deepEqual(await say('one', '안녕', 'call 1'), [{ answer: 1 }])
    assert.deepEqual(await say('one', '안녕', 'call 2'), [{ answer: 1 }])
    assert.deepEqual(await say('two', '또'), [{ answer: 2 }])
    const documents = await log.read(0, 1, 10)
    assert.deepEqual(
      documents.map(({ entries }) => entries.map(({ body }) => body)),
      [[], ['안녕'], ['또']],
    )
  })

  test('what comes in one turn is one document', async () => {
    const { say, log } = await startOwner()
    const answers = await Promise.all(['a', 'b', 'c'].map((key) => say(key, key)))
    assert.deepEqual(answers.flat(), [{ answer: 1 }, { answer: 2 }, { answer: 3 }])
    assert.equal((await log.read(0, 2, 10)).length, 1)
  })

  test('refuses only while its lease is surely its own, and writes whatever its lease says', async () => {
    const { owner, say, time } = await startOwner()
    assert.deepEqual(await say('one', ''), [{ answer: 'refused' }])
    time.ms = DEFAULTS.leaseMs
    assert.deepEqual(await say('two', '안녕'), [{ answer: 1 }], 'the fence decides on what is written')
    assert.deepEqual(await say('three', ''), [{ refused: 'not_owner' }])
    assert.equal(owner.hasEnded, true)
  })

  test('what cannot be read for a command is given up when nobody waits for it any more, and the others go on', async () => {
    const told: string[] = []
    const clock = { advance: (_ms: number): void => undefined }
    const { owner, say, time } = await startOwner({
      machine: {
        create: () => ({ f: 0 }),
        load: (_state, commands) => {
          if (!commands.some(({ body }) => body === 'poison')) return undefined
          clock.advance(1_000)
          return Promise.reject(new Error('no such column'))
        },
        decide: ({ f }, { key, body }) => ({ entries: [{ room: 0, f: f + 1, key, body }], answer: f + 1 }),
        apply: (state, { f }) => void (state.f = f),
      },
      onTrouble: (what) => void told.push(what),
    })
    clock.advance = (ms) => void (time.ms += ms)
    const poisoned = say('one', 'poison')
    await Promise.resolve()
    const [first, second] = await Promise.all([poisoned, say('two', '안녕')])
    assert.deepEqual([first, second], [[{ refused: 'busy' }], [{ answer: 1 }]])
    assert.equal(owner.hasEnded, false)
    assert.equal(told.at(-1), 'reading for commands of partition 0, which are given up')
  })

  test('a copy of a call that was refused is refused, whatever has changed since', async () => {
    const { say } = await startOwner()
    assert.deepEqual(await say('one', '', 'call 1'), [{ answer: 'refused' }])
    assert.deepEqual(await say('one', '이제', 'call 1'), [{ answer: 'refused' }])
    assert.deepEqual(await say('one', '이제', 'call 2'), [{ answer: 1 }])
  })

  test('tells its operators how far it is: what is not published stays so until the bus has it', async (t) => {
    const bus = { isAway: true }
    const commits: [p: number, commands: number][] = []
    const { owner, say } = await startOwner({
      bus: { publish: () => (bus.isAway ? Promise.reject(new Error('the bus is away')) : Promise.resolve()) },
      onCommit: (...commit) => void commits.push(commit),
    })
    t.after(() => owner.end())
    await say('one', '안녕')
    await Promise.all(['a', 'b', 'c'].map((key) => say(key, key)))
    await say('nothing', '')
    // The first document is its own, and has nothing to publish: only the cursor's move is waited for.
    await eventually(() => assert.equal(owner.status.unpublished, 2))
    assert.deepEqual(owner.status, { term: 2, isServing: true, n: 3, unapplied: 0, unpublished: 2, waiting: 0 })
    assert.deepEqual(commits, [
      [0, 1],
      [0, 3],
    ])
    bus.isAway = false
    await eventually(() => assert.equal(owner.status.unpublished, 0))
  })

  test('never writes half of a command: when an entry of it cannot be applied it ends, and nothing of it is there', async () => {
    const told: string[] = []
    const { owner, say, log } = await startOwner({
      machine: {
        create: () => ({ f: 0 }),
        load: () => undefined,
        decide: ({ f }, { key, body }) => ({
          entries: [...body].map((part, i) => ({ room: 0, f: f + i + 1, key, body: part })),
          answer: f + body.length,
        }),
        apply(state, { f, body }) {
          if (body === '!') throw new Error('no place for it')
          state.f = f
        },
      },
      onTrouble: (what, error) => told.push(`${what}: ${(error as Error).message}`),
    })
    assert.deepEqual(await say('one', 'ab'), [{ answer: 2 }])
    void say('two', 'a!')
    await eventually(() => assert.equal(owner.hasEnded, true))
    assert.deepEqual(told, ['writing partition 0: no place for it'])
    const bodies = (await log.read(0, 1, 10)).flatMap(({ entries }) => entries.map(({ body }) => body))
    assert.deepEqual(bodies, ['a', 'b'])
  })

  test('tells of what it waits for, in whatever it does: a failure that never ends would be seen by nobody else', async (t) => {
    const told = new Set<string>()
    const fails = (what: string, left: number) => () =>
      left-- > 0 ? Promise.reject(new Error(`no ${what}`)) : Promise.resolve()
    const [apply, publish] = [fails('tables', 2), fails('bus', 2)]
    const position = { n: 0, at: 0 }
    const { owner, say } = await startOwner({
      projections: {
        positions: async () => [{ ...position }],
        async apply(_, documents) {
          await apply()
          Object.assign(position, { n: documents.at(-1)!.n, at: documents.at(-1)!.at })
        },
        memberships: async () => [],
      },
      bus: { publish },
      onTrouble: (what, error) => told.add(`${what}: ${(error as Error).message}`),
    })
    t.after(() => owner.end())
    assert.deepEqual(await say('one', '안녕'), [{ answer: 1 }])
    await eventually(() => assert.equal(owner.status.unpublished, 0))
    assert.deepEqual([...told], ['taking over partition 0: no tables', 'publishing partition 0: no bus'])
  })

  test('does not say what is published before it knows', async (t) => {
    const { owner } = await startOwner({
      cursors: { ...createMemoryCursors(), read: () => new Promise(() => {}) },
    })
    t.after(() => owner.end())
    assert.equal(owner.status.unpublished, undefined)
  })

  test('ends when another has its place: nothing of the commands is done', async () => {
    const { owner, say, log } = await startOwner()
    await log.append({ p: 0, n: 2, term: 3, at: 9_000_000, by: 'b#1/x', entries: [] })
    assert.deepEqual(await say('one', '안녕'), [{ refused: 'not_owner' }])
    assert.equal(owner.hasEnded, true)
    assert.deepEqual(await say('two', '안녕'), [{ refused: 'not_owner' }])
  })

  test('empties what is old, in the projections and on the bus; not the last document, and nothing that is young', async () => {
    let isBusThere = false
    const bus = { publish: () => (isBusThere ? Promise.resolve() : Promise.reject(new Error('the bus is away'))) }
    const { owner, say, log, time } = await startOwner({ bus }, { keepMs: 1_000, emptyTicks: 1 })
    const kept = async () => {
      const places = []
      for (let n = 1; n <= 4; n++) if ((await log.read(0, n, 1)).length > 0) places.push(n)
      return places
    }
    for (const key of ['one', 'two']) await say(key, key)
    time.ms = 1_500
    await say('young', 'young')
    time.ms = 2_000
    await owner.tick()
    // What the owner began with has nothing for the bus.
    await eventually(async () => assert.deepEqual(await kept(), [2, 3, 4]))
    isBusThere = true
    await eventually(async () => {
      await owner.tick()
      assert.deepEqual(await kept(), [4])
    })
    time.ms = 10_000
    await owner.tick()
    await owner.tick()
    assert.deepEqual(await kept(), [4])
    assert.equal(await log.writerOf(0, 2), 'a#1/0.5')
    assert.deepEqual(await say('next', 'next'), [{ answer: 4 }])
  })

  test('empties nothing that projections which are made anew are to be made of', async () => {
    const at: { n: number; at: number; wholeFrom?: number } = { n: 0, at: 0 }
    const projections = {
      positions: async () => [at],
      apply: async (_: number, documents: readonly { n: number }[]) => void (at.n = documents.at(-1)!.n),
      memberships: async () => [],
    }
    const { owner, say, log, time } = await startOwner({ projections }, { keepMs: 1_000, emptyTicks: 1 })
    for (const key of ['one', 'two', 'three']) await say(key, key)
    const { n } = at
    const isKept = async () => (await log.read(0, n - 2, 1)).length > 0
    time.ms = 5_000
    for (const anew of [{ n: 0 }, { n: n - 1, wholeFrom: n }]) {
      Object.assign(at, { wholeFrom: 0 }, anew)
      for (let i = 0; i < 5; i++) {
        await owner.tick()
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.ok(await isKept())
    }
    Object.assign(at, { n, wholeFrom: n })
    await eventually(async () => {
      await owner.tick()
      assert.ok(!(await isKept()))
    })
  })

  test('tells no floor of a place before documents that may lie below it, however its renewals overtake each other', async (t) => {
    const coordination = createMemoryCoordination()
    const held: PromiseWithResolvers<boolean>[] = []
    const write = async (lease: Lease) => {
      if (lease.version === 1) return coordination.write(lease)
      const answer = Promise.withResolvers<boolean>()
      // Of two under way the later one is stored.
      if (held.push(answer) === 2) await coordination.write(lease)
      return answer.promise
    }
    const floors: Position[] = []
    const { owner, say, log, time } = await startOwner({
      coordination: { ...coordination, write },
      broker: { ...silent, announce: ({ floor }) => void (floor && floors.push(floor)) },
    })
    t.after(() => owner.end())
    time.ms = 1_000
    const first = owner.tick()
    time.ms = 2_000
    await say('one', '안녕')
    await owner.tick()
    time.ms = 3_000
    const second = owner.tick()
    held[0]!.reject(new Error('the connection is gone'))
    await first
    held[1]!.resolve(true)
    await second
    assert.equal(owner.status.n, 2)
    const documents = await log.read(0, 1, 10)
    for (const { n, at } of floors)
      assert.deepEqual(
        documents.filter((one) => one.n > n && one.at <= at),
        [],
        `${n}, ${at}`,
      )
    assert.deepEqual(floors.at(-1), { n: 2, at: 3_000_000 })
  })

  test('ends, for a new owner to apply it, when the projections stay without what was applied; not while they come back', async () => {
    const { owner, say, position } = await startOwner()
    for (const key of ['one', 'two', 'three']) await say(key, key)
    const look = async () => {
      for (let tick = 0; tick < 30; tick++) await owner.tick()
      return owner.hasEnded
    }
    assert.equal(await look(), false)
    for (position.n = 0; position.n < 3; position.n++) assert.equal(await look(), false)
    assert.equal(await look(), false)
    assert.equal(await look(), true)
  })
})
