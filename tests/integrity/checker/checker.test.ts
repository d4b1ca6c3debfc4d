import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { FaultName } from '../history/types.ts'
import { BAD_EFFECTS } from './bad-effects.fixture.ts'
import { BAD_EVENTS } from './bad-events.fixture.ts'
import { BAD, framesOf, goodRound } from './bad-histories.fixture.ts'
import { BAD_PUSHES, BAD_TELLINGS } from './bad-pushes.fixture.ts'
import { checkRound } from './check.ts'
import { explain } from './explain.ts'
import { createReplay } from './log.ts'
import { createRecount } from './statistics.ts'
import { BAD_COUNTS, goodCount } from './statistics.fixture.ts'
import { BAD_LOGS, goodLog } from './logs.fixture.ts'
import { BAD_STORES, goodStore } from './stores.fixture.ts'
import { checkStore } from './store.ts'
import { createTellings } from './tellings.ts'

const ALL = { ...BAD, ...BAD_EVENTS, ...BAD_EFFECTS, ...BAD_PUSHES }

describe('the checker', () => {
  it('finds nothing in a history without fault', () => {
    assert.deepEqual(checkRound(goodRound()), [])
  })

  it('allows that a resume repeats, and that a lost end is told again', () => {
    const round = goodRound()
    const changes = framesOf(round).find(({ frame }) => frame.type === 'changes')!
    changes.frame.from_rev!--
    assert.deepEqual(checkRound(round), [])
  })

  const inPortions = () => {
    const round = goodRound()
    const whole = framesOf(round).find(({ frame }) => frame.type === 'changes' && frame.rows!.length > 1)!
    const { from_rev, rows } = whole.frame
    const first = { ...whole, frame: { ...whole.frame, to_rev: from_rev!, rows: rows!.splice(0, 1) } }
    round.entries.splice(round.entries.indexOf(whole), 0, first)
    return { round, first }
  }

  it('allows a resume in portions, of which only the last moves on', () => {
    assert.deepEqual(checkRound(inPortions().round), [])
  })

  it('finds that a portion is missing', () => {
    const { round, first } = inPortions()
    round.entries.splice(round.entries.indexOf(first), 1)
    assert.deepEqual(
      checkRound(round).map(({ kind }) => kind),
      ['resume-gap'],
    )
  })

  for (const [about, cases] of Object.entries(ALL))
    describe(about, () => {
      for (const [i, [kind, spoil]] of cases.entries())
        it(`${i + 1}: ${kind}`, () => {
          const round = goodRound()
          spoil(round)
          const kinds = checkRound(round).map((violation) => violation.kind)
          assert.ok(kinds.includes(kind), `found only: ${kinds.join() || 'nothing'}`)
        })
    })

  it('has a bad history for each kind of violation it knows, and the documentation names them all', () => {
    const sources = readdirSync(import.meta.dirname).filter((name) => /^[a-z]+\.ts$/.test(name))
    const text = sources.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n')
    const named = [...text.matchAll(/kind: '([a-z-]+)'|found\('([a-z-]+)',/g)].map(([, a, b]) => a ?? b!)
    const kinds = new Set(named.filter((kind) => kind !== 'system'))
    const tried = new Set([...Object.values(ALL).flat(), ...BAD_STORES].map(([kind]) => kind))
    assert.deepEqual([...kinds].toSorted(), [...tried].toSorted())
    const document = readFileSync(join(import.meta.dirname, '../../../docs/reliability.md'), 'utf8')
    assert.deepEqual(
      [...kinds].filter((kind) => !document.includes(`\`${kind}\``)),
      [],
    )
  })

  it('explains a violation by its part of the history', () => {
    const round = goodRound()
    const frame = framesOf(round).find(({ frame: one }) => one.row?.content === 'third')!
    round.entries.splice(round.entries.indexOf(frame), 1)
    const [violation] = checkRound(round)
    const text = explain(round, violation!)
    assert.equal(violation!.kind, 'stream-gap')
    assert.match(text, new RegExp(`c1 \\(user 1\\) ← \\{"type":"message_changed","room":1,"rev":${violation!.rev},`))
    assert.match(text, /c1 \(user 1\) ← \{"type":"hello"/)
  })
})

describe('the checker of what is left on disk', () => {
  it('finds nothing in files without fault', () => assert.deepEqual(checkStore(goodStore()), []))
  for (const [i, [kind, spoil]] of BAD_STORES.entries())
    it(`${i + 1}: ${kind}`, () => {
      const store = goodStore()
      spoil(store)
      assert.deepEqual(
        checkStore(store).map((violation) => violation.kind),
        [kind],
      )
    })
})

describe('the checker of a log and the tables made of it', () => {
  const check = ({ documents, tables }: ReturnType<typeof goodLog>) => {
    const replay = createReplay(0)
    for (const document of documents) replay.take(document)
    return replay.compare(tables).map(({ kind }) => kind)
  }
  it('finds nothing in what belongs together', () => assert.deepEqual(check(goodLog()), []))
  for (const [what, spoil] of Object.entries(BAD_LOGS))
    it(`finds that ${what}`, () => {
      const log = goodLog()
      spoil(log)
      assert.deepEqual([...new Set(check(log))], ['corrupt'])
    })
})

describe('what devices are told in a run', () => {
  const check = (told: (typeof BAD_TELLINGS)[number]['told'], faults: readonly FaultName[]) => {
    const tellings = createTellings()
    const entries = faults.map((fault, i) => {
      return { type: 'fault' as const, n: 10 * (i + 1), at: 0, fault, phase: 'end' as const, detail: '' }
    })
    return tellings.take(told, entries).map(({ kind }) => kind)
  }
  for (const { what, told, faults, isBad } of BAD_TELLINGS)
    it(`${isBad ? 'finds' : 'allows'} that ${what}`, () =>
      assert.deepEqual(check(told, faults), isBad ? ['effect-twice'] : []))
})

describe('the recount of statistics', () => {
  const check = ({ events, told }: ReturnType<typeof goodCount>) => {
    const recount = createRecount()
    for (const event of events) recount.take([event])
    return recount.compare(told).map(({ kind }) => kind)
  }
  it('finds nothing in figures that are right, whatever comes twice', () => {
    const count = goodCount()
    assert.deepEqual(check({ ...count, events: [...count.events, ...count.events] }), [])
  })
  for (const [what, kind, spoil] of BAD_COUNTS)
    it(`finds that ${what}`, () => {
      const count = goodCount()
      spoil(count)
      assert.deepEqual([...new Set(check(count))], [kind])
    })
})
