import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  createTestClock,
  eventually,
  freePort,
  koreanSentence,
  spawnProgram,
  startProxy,
  tempDir,
  texts,
} from './index.ts'

test('eventually returns the value once the assertion passes', async () => {
  let calls = 0
  const value = await eventually(() => {
    calls++
    assert.ok(calls >= 3)
    return calls
  })
  assert.equal(value, 3)
})

test('eventually gives up with the last failure and the time it had', async () => {
  const never = eventually(() => assert.equal(1, 2, 'one is two'), { timeoutMs: 30 })
  await assert.rejects(never, /one is two[\s\S]*still so after 30 ms/)
})

test('the test clock moves only when told, and forward', () => {
  const clock = createTestClock('2026-03-01T00:00:00Z')
  const start = clock.now()
  clock.advance(1_500)
  assert.equal(clock.now() - start, 1_500)
  assert.throws(() => clock.advance(-1), RangeError)
  assert.throws(() => createTestClock('yesterday'), RangeError)
})

test('tempDir is removed after the test', async (t) => {
  let dir = ''
  await t.test('uses it', (t) => {
    dir = tempDir(t)
    writeFileSync(join(dir, 'file'), 'x')
  })
  assert.ok(dir !== '' && !existsSync(dir))
})

test('freePort gives no port twice, to whichever process', async (t) => {
  const file = program(
    t,
    `import { freePort } from ${JSON.stringify(import.meta.resolve('./resources.ts'))}
     const ports = []
     for (let i = 0; i < 300; i++) ports.push(await freePort())
     console.log('ports ' + ports.join(' '))
     setInterval(() => {}, 1000)`,
  )
  const all = await Promise.all([1, 2, 3].map(() => spawnProgram(t, { file, ready: /ports .*/ })))
  const ports = all.flatMap((one) => /ports (.*)/.exec(one.output())![1]!.split(' '))
  assert.equal(new Set(ports).size, 900)
})

test('freePort can be listened on', async (t) => {
  const server = createServer()
  t.after(() => server.close())
  const port = await freePort()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
})

function program(t: { after(fn: () => unknown): void }, source: string): string {
  const file = join(tempDir(t), 'program.mjs')
  writeFileSync(file, source)
  return file
}

test('a program is awaited by its line, ended by a signal, and its output kept', async (t) => {
  const file = program(
    t,
    `process.on('SIGTERM', () => { console.error('bye'); process.exit(3) })
     console.log('listening on 1234'); setInterval(() => {}, 1000)`,
  )
  const started = await spawnProgram(t, { file, ready: /listening/ })
  assert.equal((await started.line(/on (\d+)/))[1], '1234')
  assert.deepEqual(await started.kill('SIGTERM'), { code: 3, signal: null })
  assert.match(started.output(), /bye/)
})

test('SIGKILL is awaited too, and a second kill does nothing', async (t) => {
  const file = program(t, `console.log('up'); setInterval(() => {}, 1000)`)
  const started = await spawnProgram(t, { file, ready: /up/ })
  assert.deepEqual(await started.kill('SIGKILL'), { code: null, signal: 'SIGKILL' })
  assert.deepEqual(await started.kill('SIGTERM'), { code: null, signal: 'SIGKILL' })
})

test('a program that ends early, or says nothing, is an error with its output', async (t) => {
  const dying = program(t, `console.error('no such table'); process.exit(1)`)
  await assert.rejects(spawnProgram(t, { file: dying, ready: /ready/ }), /ended \(1\)[\s\S]*no such table/)
  const silent = program(t, `setInterval(() => {}, 1000)`)
  await assert.rejects(spawnProgram(t, { file: silent, ready: /ready/, readyTimeoutMs: 100 }), /100 ms passed/)
})

test('fixtures are what they claim', () => {
  assert.notEqual(texts.koreanNfc, texts.koreanNfd)
  assert.equal(texts.koreanNfc, texts.koreanNfd.normalize('NFC'))
  assert.equal([...new Intl.Segmenter('ko').segment(texts.emojiZwj)].length, 1)
  assert.equal(new Set(Array.from({ length: 1_000 }, (_, i) => koreanSentence(i))).size, 1_000)
})

test('a slow proxy passes everything later, in its order, also what comes when it is mended', async (t) => {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const proxy = await startProxy({ port: (server.address() as AddressInfo).port })
  t.after(() => proxy.close())
  const socket = connect(proxy.port, '127.0.0.1').setEncoding('utf8')
  t.after(() => socket.destroy())
  let received = ''
  socket.on('data', (text: string) => (received += text))
  socket.write('0')
  await eventually(() => assert.equal(received, '0'))
  proxy.slow(60)
  const began = performance.now()
  socket.write('1')
  await eventually(() => assert.equal(received, '01'))
  // Timers may fire a millisecond early.
  assert.ok(performance.now() - began >= 118)
  socket.write('2')
  await new Promise((resolve) => setImmediate(resolve))
  proxy.mend()
  for (let n = 3; n <= 9; n++) socket.write(String(n))
  await eventually(() => assert.equal(received, '0123456789'))
})
