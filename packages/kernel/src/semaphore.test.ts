import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { createSemaphore } from './semaphore.ts'

it('runs so many at a time, in order, whatever ends when and how', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      fc.scheduler(),
      async (atOnce, fails, s) => {
        const semaphore = createSemaphore(atOnce)
        const started: number[] = []
        let running = 0
        const all = fails.map((fail, i) =>
          semaphore
            .run(async () => {
              started.push(i)
              assert.ok(++running <= atOnce)
              await s.schedule(Promise.resolve(), `work ${i}`)
              running--
              if (fail) throw new Error(`${i}`)
              return i
            })
            .then(
              (value) => assert.equal(value, i),
              (error: Error) => assert.equal(error.message, `${i}`),
            ),
        )
        await s.waitFor(Promise.all(all))
        assert.deepEqual(started, [...fails.keys()])
        assert.equal(semaphore.pending(), 0)
      },
    ),
  )
})

it('refuses what would wait behind too many, and goes on with the rest', async () => {
  const semaphore = createSemaphore(1, { waiting: 1, refuse: () => new Error('busy') })
  const { promise, resolve } = Promise.withResolvers<string>()
  const first = semaphore.run(() => promise)
  const second = semaphore.run(async () => 'second')
  await assert.rejects(
    semaphore.run(async () => 'third'),
    { message: 'busy' },
  )
  assert.equal(semaphore.pending(), 2)
  resolve('first')
  assert.deepEqual(await Promise.all([first, second]), ['first', 'second'])
  assert.equal(await semaphore.run(async () => 'fourth'), 'fourth')
})

it('who gives up waiting leaves the place to the next, and never runs', async () => {
  const semaphore = createSemaphore(1, { waiting: 1, refuse: () => new Error('full') })
  const gate = Promise.withResolvers<void>()
  const first = semaphore.run(() => gate.promise)
  const patience = new AbortController()
  let ran = false
  const second = semaphore.run(async () => void (ran = true), patience.signal)
  patience.abort(new Error('gone'))
  await assert.rejects(second, /gone/)
  const third = semaphore.run(async () => 'third')
  assert.equal(semaphore.pending(), 2)
  gate.resolve()
  await first
  assert.equal(await third, 'third')
  assert.deepEqual([ran, semaphore.pending()], [false, 0])
  await assert.rejects(
    semaphore.run(async () => {}, patience.signal),
    /gone/,
  )
})
