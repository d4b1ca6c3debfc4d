import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, tempDir } from '@bigtech/testkit'
import {
  call,
  ok,
  openDirect,
  register,
  signIn,
  spawnServer,
  type Message,
  type Page,
  type Room,
  type ServerProgram,
  type Urls,
} from '../support/index.ts'
import { dataDir, messagesOf, outboxRows, refusesToStart as refused } from '../support/process-world.ts'

describe('what cannot start says why, and ends', { concurrency: 3 }, () => {
  for (const variable of [
    'GATEWAY_PORT',
    'USER_SERVICE_PORT',
    'FRIEND_SERVICE_PORT',
    'CHAT_SERVICE_PORT',
    'NOTIFICATION_SERVICE_PORT',
    'AI_SERVICE_PORT',
    'ANALYTICS_SERVICE_PORT',
  ])
    it(`${variable} is taken`, async (t) => {
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      t.after(() => other.close())
      const { port } = other.address() as AddressInfo
      const lines = await refused(t, { DATA_DIR: dataDir(t), [variable]: String(port) })
      assert.equal(lines.length, 1, lines.join('\n'))
      assert.match(lines[0]!, new RegExp(`${port}.*${variable}`))
    })

  it('two wrong variables: both are named, each with what was expected', async (t) => {
    const lines = await refused(t, { DATA_DIR: dataDir(t), GATEWAY_PORT: 'eighty', LOG_LEVEL: 'loud' })
    assert.equal(lines.length, 3, lines.join('\n'))
    assert.match(lines[1]!, /GATEWAY_PORT.*eighty.*expected/)
    assert.match(lines[2]!, /LOG_LEVEL.*loud.*expected.*info/)
  })

  it('a data folder that cannot be written', async (t) => {
    const file = join(tempDir(t), 'file')
    writeFileSync(file, '')
    for (const folder of [join(file, 'data'), file]) {
      const lines = await refused(t, { DATA_DIR: folder })
      assert.equal(lines.length, 1, lines.join('\n'))
      assert.match(lines[0]!, /DATA_DIR .*cannot be written/)
    }
  })

  it('a second server on the same folder; the first one goes on', async (t) => {
    const dir = dataDir(t)
    const first = await spawnServer(t, { DATA_DIR: dir })
    const lines = await refused(t, { DATA_DIR: dir })
    assert.equal(lines.length, 1, lines.join('\n'))
    assert.match(lines[0]!, /DATA_DIR .*in use/)
    assert.equal((await call('GET', `${(await first.urls()).gateway}/ready`)).status, 200)
  })

  it('a database of a newer version, whichever it is; nothing in it is touched', async (t) => {
    const dir = dataDir(t)
    const first = await spawnServer(t, { DATA_DIR: dir })
    assert.deepEqual(await first.kill('SIGTERM'), { code: 0, signal: null })
    let tried = 0
    for (const name of readdirSync(dir).filter((file) => file.endsWith('.db') && file !== 'lock.db')) {
      const db = new DatabaseSync(join(dir, name))
      const has = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'kysely_migration'").get()
      if (has) {
        db.exec("INSERT INTO kysely_migration VALUES ('9999_from_the_future', '2099-01-01T00:00:00.000Z')")
        const lines = await refused(t, { DATA_DIR: dir })
        assert.equal(lines.length, 1, lines.join('\n'))
        assert.match(lines[0]!, /newer version.*9999_from_the_future/)
        db.exec("DELETE FROM kysely_migration WHERE name = '9999_from_the_future'")
        tried++
      }
      db.close()
    }
    assert.ok(tried >= 3, `${tried} databases`)
    await spawnServer(t, { DATA_DIR: dir })
  })
})

/** @throws while the port is listened on */
function refusesConnections(url: string): Promise<void> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve, reject) => {
    const probe = connect(Number(port), hostname)
    probe.on('error', () => resolve())
    probe.on('connect', () => {
      probe.destroy()
      reject(new Error(`${url} still listens`))
    })
  })
}

/** The head of a request, whose body is yet to come. The server answers 100 when it has read it: from then on it is under way. */
function halfRequest(base: string, path: string, token: string, body: string) {
  const { port, hostname } = new URL(base)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => (answer += String(text)))
  socket.on('error', () => {})
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
      `Expect: 100-continue\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
  )
  return { socket, answered: once(socket, 'close').then(() => answer) }
}

describe('ending', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`${signal}: streams are told to reconnect, what was acknowledged stays, exit 0 within 5 s`, async (t) => {
      const dir = dataDir(t)
      const server = await spawnServer(t, { DATA_DIR: dir })
      const urls = await server.urls()
      const [one, other] = [await register(urls, '하나'), await register(urls, '둘')]
      const room = await openDirect(one, other)
      const [sse, ws, idle] = [await one.sse(t), await one.ws(t), await other.ws(t)]

      const acknowledged: number[] = []
      const work = { goesOn: true }
      const overHttp = Array.from({ length: 4 }, async () => {
        while (work.goesOn) {
          const answer = await one
            .call('POST', `/messages/${room.id}`, { body: { content: '끝까지' } })
            .catch(() => undefined)
          if (answer?.status !== 201) return
          acknowledged.push((answer.json() as Message).seq)
        }
      })
      const overWs = async () => {
        while (work.goesOn) {
          const ack = await ws.command({ type: 'send', room_id: room.id, content: '끝까지' }).catch(() => undefined)
          if (ack?.type !== 'ack') return
          acknowledged.push(Number(ack['seq']))
        }
      }
      const all = Promise.all([...overHttp, overWs()])
      await sse.seen((frame) => (frame.message?.seq ?? 0) >= 50)
      const started = performance.now()
      const exit = await server.kill(signal)
      const took = performance.now() - started
      work.goesOn = false
      await all
      assert.deepEqual(exit, { code: 0, signal: null }, server.output())
      assert.ok(took < 5_000, `${took} ms`)
      assert.deepEqual(await ws.closed(), { code: 4001, reason: 'shutting_down' })
      assert.deepEqual(await idle.closed(), { code: 4001, reason: 'shutting_down' })
      const goodbye = sse.frames.at(-1)!
      assert.deepEqual([goodbye.type, goodbye.code, goodbye['reconnect']], ['goodbye', 4001, true])
      assert.equal(outboxRows(dir), 0, 'events not published')
      assert.doesNotMatch(server.output(), /^\s+at /m)

      const again = await (await spawnServer(t, { DATA_DIR: dir })).urls()
      const history = await messagesOf(await signIn(again, one), room.id)
      assert.equal(new Set(acknowledged).size, acknowledged.length)
      assert.ok(acknowledged.length >= 50)
      assert.deepEqual(
        history.map(({ seq }) => seq),
        history.map((_, i) => i + 1),
      )
      for (const seq of acknowledged) assert.equal(history[seq - 1]!.seq, seq)
    })

  it('a request that is under way at the signal is answered, whichever listening socket it came over', async (t) => {
    const server = await spawnServer(t, { DATA_DIR: dataDir(t) })
    const urls = await server.urls()
    const [one, other] = [await register(urls, '하나'), await register(urls, '둘')]
    const room = await openDirect(one, other)
    const body = JSON.stringify({ content: '반은 지금, 반은 나중에' })
    const { socket, answered } = halfRequest(urls.chat, `/messages/${room.id}`, one.token, body)
    await once(socket, 'data')
    const exited = server.kill('SIGTERM')
    await eventually(() => refusesConnections(urls.chat))
    // Long enough for all to be closed, if nobody waits for the request; less than the two seconds it is given.
    await Promise.race([exited, sleep(1_000)])
    socket.write(body)
    assert.match(await answered, /HTTP\/1\.1 201 /)
    assert.deepEqual(await exited, { code: 0, signal: null }, server.output())
  })

  it('with SHUTDOWN_DELAY /ready says no for a while before answers end', async (t) => {
    const server = await spawnServer(t, { DATA_DIR: dataDir(t), SHUTDOWN_DELAY: '2s' })
    const urls = await server.urls()
    const stateOf = async (url: string) => (await fetch(`${url}/ready`)).status
    for (const url of Object.values(urls)) assert.equal(await stateOf(url), 200)
    const began = performance.now()
    const exited = server.kill('SIGTERM')
    for (const url of Object.values(urls)) await eventually(async () => assert.equal(await stateOf(url), 503))
    const one = await register(urls, '하나')
    assert.equal((await one.call('GET', '/chat-rooms')).status, 200)
    assert.deepEqual(await exited, { code: 0, signal: null }, server.output())
    assert.ok(performance.now() - began >= 1_990)
  })

  it('requests that never end hold up all hosts together no longer than one', async (t) => {
    const server = await spawnServer(t, { DATA_DIR: dataDir(t) })
    const urls = await server.urls()
    const one = await register(urls, '하나')
    for (const base of Object.values(urls)) {
      const path = base === urls.gateway ? '/api/friends/request' : '/friends/request'
      await once(halfRequest(base, path, one.token, '{}').socket, 'data')
    }
    // Two seconds are given. One host after the other would be eight, and the process gives up before, with another code.
    assert.deepEqual(await server.kill('SIGTERM'), { code: 0, signal: null }, server.output())
  })

  it('a signal while nobody is connected, and one more', async (t) => {
    const server = await spawnServer(t, { DATA_DIR: dataDir(t) })
    process.kill(server.pid, 'SIGTERM')
    process.kill(server.pid, 'SIGTERM')
    assert.deepEqual(await server.exited, { code: 0, signal: null })
  })
})

describe('demo data', () => {
  const world = async (server: ServerProgram) => {
    const [, email, password] = await server.line(/Sign in to the demo: (\S+) \/ (\S+)/)
    const urls: Urls = await server.urls()
    const login = call('POST', `${urls.gateway}/api/auth/login/json`, { body: { email, password } })
    const { access_token: token } = await ok<{ access_token: string }>(login)
    const get = <T>(path: string) => ok<T>(call('GET', `${urls.gateway}/api${path}`, { token }))
    const rooms = await get<Page<Room>>('/chat-rooms?limit=1000')
    const friends = await get<Page<{ user_id: number }>>('/friends?limit=100')
    return {
      rooms: rooms.items.map(({ id, name, last_seq, rev, unread_count }) => ({
        id,
        name,
        last_seq,
        rev,
        unread_count,
      })),
      friends: friends.items.map(({ user_id }) => user_id),
    }
  }

  it('the first start makes it, the second one does not double it, and none is made unasked in production', async (t) => {
    const dir = dataDir(t)
    const env = { DATA_DIR: dir, DEMO_DATA: 'true' }
    const first = await spawnServer(t, env)
    const made = await world(first)
    assert.ok(made.rooms.length >= 3 && made.friends.length >= 3)
    assert.equal((await first.kill('SIGTERM')).code, 0)
    const second = await spawnServer(t, env)
    assert.deepEqual(await world(second), made)

    const production = await spawnServer(t, { DATA_DIR: dataDir(t), DEMO_DATA: undefined, NODE_ENV: 'production' })
    assert.match(production.output(), /No demo data/)
  })
  it('that a stop interrupts ends quietly, and is completed by the next start', async (t) => {
    const dir = dataDir(t)
    const env = { DATA_DIR: dir, DEMO_DATA: 'true', LOG_LEVEL: 'info' }
    let interrupted = 0
    for (const step of ['/auth/register', '/messages/:room_id']) {
      const stopped = await spawnServer(t, env, { ready: false })
      await stopped.line(new RegExp(`"path":"${step}"`))
      assert.equal((await stopped.kill('SIGTERM')).code, 0, stopped.output())
      const unwanted = stopped
        .output()
        .match(/^(?!\{).*|.*"level":"(error|warn)".*/gm)
        ?.filter((line) => line !== '')
      assert.deepEqual(unwanted ?? [], [], step)
      if (!existsSync(join(dir, 'demo-data.json'))) interrupted++
    }
    assert.ok(interrupted > 0)
    const plain = (made: Awaited<ReturnType<typeof world>>) => ({
      rooms: made.rooms.map(({ name, last_seq, unread_count }) => ({ name, last_seq, unread_count })),
      friends: made.friends.length,
    })
    const completed = await world(await spawnServer(t, env))
    assert.deepEqual(plain(completed), plain(await world(await spawnServer(t, { ...env, DATA_DIR: dataDir(t) }))))
  })
})
