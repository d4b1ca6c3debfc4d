import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FAULTS } from './faults.ts'
import { userCount, userOfClient } from './rooms.ts'
import { planRun, type ScheduleOptions } from './schedule.ts'

const OPTIONS: ScheduleOptions = { seed: 5, seconds: 60, round: 20, clients: 8, rooms: 6, rate: 80, faults: FAULTS }

describe('a schedule', () => {
  it('is a pure function of its options', () => {
    assert.deepEqual(planRun(OPTIONS), planRun({ ...OPTIONS }))
    assert.notEqual(planRun({ ...OPTIONS, seed: 6 }).digest, planRun(OPTIONS).digest)
  })

  it('has the same first rounds however long it is', () => {
    const [long, short] = [planRun({ ...OPTIONS, seconds: 100 }), planRun({ ...OPTIONS, seconds: 40 })]
    assert.deepEqual(long.rounds.slice(0, 2), short.rounds)
    assert.equal(long.rounds.length, 5)
  })

  it('ends with the time there is', () => {
    const { rounds } = planRun({ ...OPTIONS, seconds: 50 })
    assert.deepEqual(
      rounds.map(({ ms }) => ms),
      [20_000, 20_000, 10_000],
    )
    for (const { ms, ops, faults } of rounds) {
      for (const { at } of ops) assert.ok(at >= 0 && at <= ms + 100)
      for (const { at, lasts } of faults) assert.ok(at + lasts <= ms)
    }
  })

  it('has every fault and every kind of operation within a minute', () => {
    const { rounds } = planRun(OPTIONS)
    const struck = new Set(rounds.flatMap(({ faults }) => faults.map(({ fault }) => fault)))
    assert.deepEqual([...struck].toSorted(), FAULTS.toSorted())
    const done = new Set(rounds.flatMap(({ ops }) => ops.map((op) => op.do)))
    for (const deed of [
      'send',
      'edit',
      'delete',
      'react',
      'read',
      'join',
      'leave',
      'remove',
      'block',
      'flood',
    ] as const)
      assert.ok(done.has(deed), deed)
    const all = rounds.reduce((sum, { ops }) => sum + ops.length, 0)
    assert.ok(all > 0.8 * 60 * 80 && all < 1.2 * 60 * 80, `${all}`)
  })

  it('keeps to the faults that are wanted', () => {
    const { rounds } = planRun({ ...OPTIONS, faults: ['kill'] })
    const struck = rounds.flatMap(({ faults }) => faults.map(({ fault }) => fault))
    assert.ok(struck.length >= 3)
    assert.deepEqual([...new Set(struck)], ['kill'])
    assert.deepEqual(
      planRun({ ...OPTIONS, faults: [] }).rounds.flatMap(({ faults }) => faults),
      [],
    )
  })

  it('lets each client do something, mostly in rooms of its user, and names each operation once', () => {
    const [round] = planRun(OPTIONS).rounds
    const { ops, rooms } = round!
    for (let client = 0; client < 8; client++) assert.ok(ops.some((op) => op.client === client))
    const own = ops.filter((op) => rooms[op.room]!.members.includes(userOfClient(op.client, 8)))
    assert.ok(own.length > 0.85 * ops.length)
    assert.equal(new Set(ops.map(({ serial }) => serial)).size, ops.length)
    assert.equal(userCount(8), 6)
    assert.ok(rooms.some(({ type }) => type === 'direct') && rooms[0]!.members.length === 6)
  })
})
