import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { eventually, spawnProgram, tempDir } from '@bigtech/testkit'
import { startProxy } from './proxy.ts'

const preload = (name: string) => ['--import', join(import.meta.dirname, name)]

describe('the clock of the server', () => {
  it('differs in its main thread and in worker threads, forward and back, and only that of the day', async (t) => {
    const dir = tempDir(t)
    const [clock, main, thread] = ['clock', 'main.mjs', 'thread.mjs'].map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(clock, '3600000')
    const report = `const ticks = performance.now()
      const all = [Date.now(), new Date().getTime(), new Date(5).getTime(), new Date() instanceof Date, typeof Date()]
      console.log(name, JSON.stringify(all), ticks < 60_000)`
    writeFileSync(thread, `const name = 'thread'; ${report}`)
    writeFileSync(
      main,
      `import { Worker } from 'node:worker_threads'
      const name = 'main'; ${report}
      new Worker(new URL('./thread.mjs', import.meta.url), { execArgv: ['--no-warnings'] })`,
    )
    for (const offset of [3_600_000, -3_600_000]) {
      writeFileSync(clock, `${offset}`.padEnd(16))
      const program = await spawnProgram(t, {
        file: main,
        env: { CLOCK_FILE: clock },
        nodeOptions: [...preload('preload-workers.ts'), ...preload('preload-clock.ts')],
      })
      const before = Date.now()
      assert.deepEqual(await program.exited, { code: 0, signal: null }, program.output())
      for (const name of ['main', 'thread']) {
        const [, json, ticks] = await program.line(new RegExp(`^${name} (\\[.*\\]) (\\w+)`))
        const [now, made, five, isDate, text] = JSON.parse(json!) as [number, number, number, boolean, string]
        for (const time of [now, made])
          assert.ok(Math.abs(time - before - offset) < 30_000, `${name}: ${time - before}`)
        assert.deepEqual([five, isDate, text, ticks], [5, true, 'string', 'true'])
      }
    }
  })
})

describe('the proxy', () => {
  /** A server that sends back what it gets. */
  async function world(t: TestContext) {
    const sockets: Socket[] = []
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}))
      socket.pipe(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    const proxy = await startProxy(t, (server.address() as AddressInfo).port)
    const dial = () => {
      const client = { text: '', closed: false, socket: connect(Number(new URL(proxy.url).port), '127.0.0.1') }
      client.socket.on('error', () => {})
      client.socket.on('data', (bytes) => (client.text += bytes.toString()))
      client.socket.on('close', () => (client.closed = true))
      t.after(() => client.socket.destroy())
      return client
    }
    return { proxy, dial, sockets }
  }
  const hears = (client: { text: string }, text: string) => eventually(() => assert.equal(client.text, text))

  it('passes both ways, and cuts', async (t) => {
    const { proxy, dial } = await world(t)
    const client = dial()
    client.socket.write('one')
    await hears(client, 'one')
    proxy.refuse = true
    proxy.cut()
    await eventually(() => assert.ok(client.closed))
    const refused = dial()
    await eventually(() => assert.ok(refused.closed))
    proxy.refuse = false
    const again = dial()
    again.socket.write('two')
    await hears(again, 'two')
  })

  it('keeps half-open connections open, deaf on both sides; later ones work', async (t) => {
    const { proxy, dial, sockets } = await world(t)
    const client = dial()
    client.socket.write('one')
    await hears(client, 'one')
    proxy.halfOpen()
    client.socket.write('two')
    const later = dial()
    later.socket.write('three')
    await hears(later, 'three')
    assert.deepEqual([client.text, client.closed, sockets[0]!.destroyed], ['one', false, false])
  })

  it('has a black hole, after which old connections are reset', async (t) => {
    const { proxy, dial, sockets } = await world(t)
    proxy.blackhole(true)
    const client = dial()
    client.socket.write('one')
    await eventually(() => assert.equal(sockets.length, 1))
    proxy.blackhole(false)
    const other = dial()
    await eventually(() => assert.ok(client.closed))
    other.socket.write('two')
    await hears(other, 'two')
    assert.equal(client.text, '')
  })

  it('freezes: what the server sends is not taken until it thaws, and then is whole', async (t) => {
    const { proxy, dial, sockets } = await world(t)
    const client = dial()
    client.socket.write('a')
    await hears(client, 'a')
    proxy.freeze(true)
    const flood = 'x'.repeat(40_000_000)
    sockets[0]!.write(flood)
    // The machine's own buffers take some of it.
    await eventually(() => assert.ok(sockets[0]!.writableLength > 10_000_000))
    assert.equal(client.text, 'a')
    proxy.freeze(false)
    await eventually(() => assert.equal(client.text.length, flood.length + 1), { timeoutMs: 20_000 })
  })
})
