import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandKeys } from './command-keys.ts'
import type { Entry, LogDocument, Shape } from './document.ts'

const entry = (key: string): Entry<Shape> => ({ room: 0, f: 1, key, body: key })
const document = (...keys: string[]): LogDocument<Shape> => ({
  p: 0,
  n: 1,
  term: 1,
  at: 1,
  by: '',
  entries: keys.map(entry),
})

test('a key is known until its document is in the projections, and for 90 s then, however much else happens; one that is not needed among the latest', () => {
  const time = { ms: 0 }
  const keys = new CommandKeys<Shape>(
    () => time.ms,
    ({ key }) => !key.startsWith('found anyway'),
    2,
  )
  const settle = (...those: string[]) => {
    for (const key of those) keys.add(entry(key))
    keys.settle(document(...those))
  }
  keys.add(entry('waits'))
  settle('one', 'found anyway')
  assert.equal(keys.get('found anyway')?.key, 'found anyway')
  settle('found anyway 2', 'found anyway 3')
  assert.equal(keys.get('found anyway'), undefined)
  time.ms = 60_000
  settle(...Array.from({ length: 30_000 }, (_, n) => `${n}`))
  assert.equal(keys.get('one')?.key, 'one')
  time.ms = 90_001
  settle('later')
  assert.equal(keys.get('one'), undefined)
  assert.equal(keys.get('0')?.key, '0')
  time.ms = 1_000_000
  settle('last')
  assert.equal(keys.get('0'), undefined)
  assert.equal(keys.get('waits')?.key, 'waits')
})
