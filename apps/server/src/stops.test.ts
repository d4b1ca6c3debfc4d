import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStops } from './stops.ts'

test('what was started last is ended first, and whoever asks is told what is waited for', async () => {
  const stops = createStops()
  const seen: unknown[] = []
  for (const what of ['the store', 'the streams'])
    stops.add(what, async () => {
      await Promise.resolve()
      seen.push(stops.ending().waiting_for)
    })
  assert.equal(stops.ending().waiting_for, undefined)
  await stops.close()
  await stops.close()
  assert.deepEqual(seen, ['the streams', 'the store'])
  assert.equal(stops.ending().waiting_for, undefined)
})

test('whoever asks is told which of those before took its time', async (t) => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const stops = createStops()
  let told: unknown
  stops.add('the store', async () => void (told = stops.ending()))
  stops.add('a quick one', async () => void (now += 3))
  stops.add('a slow one', async () => void (now += 1_200))
  await stops.close()
  assert.deepEqual(told, { waiting_for: 'the store', took: { 'a slow one': 1_200 } })
  assert.deepEqual(stops.ending(), { took: { 'a slow one': 1_200 } })
})

test('what does without each other ends together: before what was started earlier, which waits for all of it', async () => {
  const stops = createStops()
  const seen: string[] = []
  const [slow, quick] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  stops.add('the store', async () => void seen.push('the store'))
  const services = stops.together()
  services.add('slow', () => slow.promise.then(() => void seen.push('slow')))
  services.add('quick', () => quick.promise.then(() => void seen.push('quick')))
  const closed = stops.close()
  assert.equal(stops.ending().waiting_for, 'slow, quick')
  quick.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([stops.ending().waiting_for, seen], ['slow', ['quick']])
  slow.resolve()
  await closed
  assert.deepEqual(seen, ['quick', 'slow', 'the store'])
})

test('what fails does not cut off what ends with it, and nothing is ended that it may still use', async () => {
  const stops = createStops()
  const seen: string[] = []
  const slow = Promise.withResolvers<void>()
  stops.add('the store', async () => void seen.push('the store'))
  const services = stops.together()
  services.add('broken', () => Promise.reject(new Error('broken')))
  services.add('slow', () => slow.promise.then(() => void seen.push('slow')))
  const closed = stops.close()
  setImmediate(slow.resolve)
  await assert.rejects(closed, /broken/)
  assert.deepEqual(seen, ['slow'])
})
