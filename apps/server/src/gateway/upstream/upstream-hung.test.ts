import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { listen, named, open, who } from './upstream.fixture.ts'

/** An instance that can stop as a process does that is stopped by a debugger: it takes connections, and says nothing. */
async function stoppable(t: TestContext, name: string) {
  const waiting: (() => void)[] = []
  /** Probes that were given up. */
  let probedInVain = 0
  let isStopped = false
  const answer = named(name)
  const server = createServer((request, response: ServerResponse) => {
    if (isStopped && request.url === '/health') response.once('close', () => probedInVain++)
    if (isStopped) waiting.push(() => answer(request, response))
    else answer(request, response)
  })
  return {
    port: await listen(t, server),
    probedInVain: () => probedInVain,
    stop: () => void (isStopped = true),
    goOn() {
      isStopped = false
      for (const go of waiting.splice(0)) go()
    },
  }
}

const quick = { doubtMs: 100, answerMs: 20_000 }

test('a process that hangs is left out: who waited is answered by another, later ones go there, and it is back when it goes on', async (t) => {
  const [a, b] = [await stoppable(t, 'a'), await stoppable(t, 'b')]
  const { url, upstream } = await open(t, [a.port, b.port], quick)
  a.stop()
  const began = performance.now()
  const names = await Promise.all(Array.from({ length: 6 }, () => who(url)))
  assert.deepEqual(new Set(names), new Set(['b']))
  assert.ok(performance.now() - began < 10_000)
  assert.ok(upstream.instances[0]!.isOut)
  const later = performance.now()
  for (let n = 0; n < 5; n++) assert.equal(await who(url), 'b')
  assert.ok(performance.now() - later < 1_000, 'nobody asks it any more')
  a.goOn()
  await eventually(async () => assert.equal(await who(url), 'a'))
})

test('what may not be repeated waits for it', async (t) => {
  const [a, b] = [await stoppable(t, 'a'), await stoppable(t, 'b')]
  const { url, upstream } = await open(t, [a.port, b.port], quick)
  a.stop()
  const posts = [0, 1].map(() => who(url, { method: 'POST', body: '{}' }))
  await eventually(() => assert.ok(upstream.instances[0]!.isOut))
  a.goOn()
  assert.deepEqual((await Promise.all(posts)).toSorted(), ['a', 'b'])
})

test('the last one is never left out for being slow', async (t) => {
  const a = await stoppable(t, 'a')
  const { url, upstream } = await open(t, [a.port], quick)
  a.stop()
  const asked = who(url)
  await eventually(() => assert.equal(a.probedInVain(), 1))
  assert.equal(upstream.instances[0]!.isOut, false)
  assert.equal(upstream.instances[0]!.inFlight, 1, 'it is still waited for')
  a.goOn()
  assert.equal(await asked, 'a')
})
