import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAtScrape } from './read-at-scrape.ts'

test('who asks at the same time shares the answer; later ones get another', async () => {
  let count = 0
  const read = readAtScrape(async () => ++count, { freshMs: 0 })
  assert.deepEqual(await Promise.all([read(), read(), read()]), [1, 1, 1])
  assert.equal(await read(), 2)
  const fresh = readAtScrape(async () => ++count, { freshMs: 60_000 })
  assert.equal(await fresh(), 3)
  assert.equal(await fresh(), 3)
})

test('what fails has no value, and is asked again', async () => {
  const answers = [() => Promise.reject(new Error('away')), async () => 7]
  const read = readAtScrape<number>(() => answers.shift()!(), { freshMs: 0 })
  assert.equal(await read(), undefined)
  assert.equal(await read(), 7)
})

test('what hangs has no value either, and is not asked twice at a time', async () => {
  const held = Promise.withResolvers<number>()
  let questions = 0
  const read = readAtScrape(() => (questions++, held.promise), { freshMs: 0, patienceMs: 1 })
  assert.equal(await read(), undefined)
  assert.equal(await read(), undefined)
  assert.equal(questions, 1)
  held.resolve(7)
  assert.equal(await read(), 7)
})
