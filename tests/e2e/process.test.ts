import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { eventually, spawnProgram, tempDir } from '@bigtech/testkit'
import {
  call,
  MAIN,
  ok,
  openDirect,
  openGroup,
  PASSWORD,
  register,
  signIn,
  spawnServer,
  testEnv,
  type Answer,
  type Message,
  type Page,
  type Person,
  type Room,
  type ServerProgram,
  type Urls,
} from '../support/index.ts'

/** The server as a process: how it refuses to start, how it ends, and what is left after kill -9. */

/** A folder that outlives the servers using it, which are killed after the test. */
function dataDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'bigtech-process-'))
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  return dir
}

describe('what cannot start says why, and ends', { concurrency: 3 }, () => {
  /** Starts a server that must not come up. @returns what it said, without empty lines */
  async function refused(t: TestContext, env: Record<string, string>): Promise<string[]> {
    const program = await spawnServer(t, env, { ready: false })
    const { code, signal } = await program.exited
    const output = program.output()
    assert.equal(signal, null)
    assert.ok(code !== null && code > 0, `exit code ${code}`)
    assert.doesNotMatch(output, /^\s+at |node:internal|Error:/m, output)
    return output.split('\n').filter((line) => line.trim() !== '')
  }

  for (const variable of ['GATEWAY_PORT', 'USER_SERVICE_PORT', 'FRIEND_SERVICE_PORT', 'CHAT_SERVICE_PORT'])
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

/** Rows no relay has published. */
function outboxRows(dir: string): number {
  let rows = 0
  for (const name of readdirSync(dir).filter((file) => file.endsWith('.db'))) {
    const db = new DatabaseSync(join(dir, name), { readOnly: true })
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'outbox'").get())
      rows += (db.prepare('SELECT count(*) AS n FROM outbox').get() as { n: number }).n
    db.close()
  }
  return rows
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
      assert.deepEqual(await ws.closed, { code: 4001, reason: 'shutting_down' })
      assert.deepEqual(await idle.closed, { code: 4001, reason: 'shutting_down' })
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

  it('a signal while nobody is connected, and one more', async (t) => {
    const server = await spawnServer(t, { DATA_DIR: dataDir(t) })
    process.kill(server.pid, 'SIGTERM')
    process.kill(server.pid, 'SIGTERM')
    assert.deepEqual(await server.exited, { code: 0, signal: null })
  })
})

/** The whole log of a room, in order. */
async function messagesOf(who: Person, roomId: number): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const { items, has_after } = await who.get<{ items: Message[]; has_after: boolean }>(
      `/messages/${roomId}?after_seq=${all.at(-1)?.seq ?? 0}&limit=200`,
    )
    all.push(...items)
    if (!has_after || items.length === 0) return all
  }
}

/** mulberry32: the rounds of a failure can be run again. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('kill -9', () => {
  const SENDERS = 6
  const ROUNDS = 5
  const seed = Number(process.env['SEED'] ?? 20260127)

  type Attempt = { sender: number; content: string; client_message_id: string; answer?: Message }

  it(`at random moments (${ROUNDS} rounds, seed ${seed}): nothing acknowledged is lost, nothing doubled`, async (t) => {
    const random = randomOf(seed)
    const dir = dataDir(t)
    const admin = await createAdmin(t, dir)
    let server = await spawnServer(t, { DATA_DIR: dir })
    let urls = await server.urls()
    let people = await Promise.all(Array.from({ length: SENDERS }, (_, i) => register(urls, `보낸이${i}`)))
    const room = await openGroup(people[0]!, '흔들리는 방', ...people.slice(1))
    const attempts: Attempt[] = []

    for (let round = 0; round < ROUNDS; round++) {
      const running = { alive: true }
      const work = people.map(async (person, sender) => {
        for (let n = 0; running.alive; n++) {
          const id = `${round}-${sender}-${n}`
          const attempt: Attempt = { sender, content: `말 ${id}`, client_message_id: id }
          attempts.push(attempt)
          if (!(await deliver(person, room.id, attempt))) return
          if (n % 5 === 4)
            await person.call('POST', `/chat-rooms/${room.id}/read`, { body: { seq: n } }).catch(() => {})
        }
      })
      await new Promise((resolve) => setTimeout(resolve, 30 + random() * 400))
      await server.kill('SIGKILL')
      running.alive = false
      await Promise.all(work)

      server = await spawnServer(t, { DATA_DIR: dir })
      urls = await server.urls()
      people = await Promise.all(people.map((person) => signIn(urls, person)))
      await assertLog(people, room, attempts, 'after the restart')
      // A client repeats what was not answered, all at once, some of it twice.
      const open = attempts.filter(({ answer }) => !answer)
      await Promise.all(
        [...open, ...open.slice(0, 3)].map(async (attempt) =>
          assert.ok(await deliver(people[attempt.sender]!, room.id, attempt)),
        ),
      )
      await assertLog(people, room, attempts, 'after the repeats')
    }

    const acknowledged = attempts.length
    assert.ok(acknowledged > ROUNDS * 20, `only ${acknowledged} messages were sent`)
    const history = await messagesOf(people[0]!, room.id)
    const texts = history.filter(({ message_type }) => message_type === 'text')
    assert.equal(texts.length, acknowledged, 'every attempt is there, once')
    const operator = await signIn(urls, admin)
    await eventually(async () => {
      const events = await eventsOf(operator, room.id)
      assert.deepEqual([...events].sort(), texts.map(({ id }) => id).sort())
      const { items } = await operator.get<{ items: { pending: number; parked: number }[] }>('/ops/outbox')
      for (const { pending, parked } of items) assert.deepEqual([pending, parked], [0, 0])
    })
  })

  /** One try; false when the server was gone. */
  async function deliver(person: Person, roomId: number, attempt: Attempt): Promise<boolean> {
    const { content, client_message_id } = attempt
    const answer = await person
      .call('POST', `/messages/${roomId}`, { body: { content, client_message_id } })
      .catch((): Answer | undefined => undefined)
    if (!answer) return false
    assert.equal(answer.status, 201, answer.text)
    const message = answer.json() as Message
    if (attempt.answer) assert.equal(message.id, attempt.answer.id)
    attempt.answer = message
    return true
  }

  async function assertLog(people: Person[], room: Room, attempts: Attempt[], when: string): Promise<void> {
    const history = await messagesOf(people[0]!, room.id)
    assert.deepEqual(
      history.map(({ seq }) => seq),
      history.map((_, i) => i + 1),
      `${when}: seq has a gap`,
    )
    const keys = history.flatMap(({ client_message_id }) => client_message_id ?? [])
    assert.equal(new Set(keys).size, keys.length, `${when}: doubled`)
    for (const { answer, content, sender } of attempts) {
      if (!answer) continue
      const { id, content: stored, user_id } = history[answer.seq - 1]!
      assert.deepEqual([id, stored, user_id], [answer.id, content, people[sender]!.id], `${when}: lost`)
    }
    const rooms = await Promise.all(people.map((person) => person.room(room.id)))
    const { members, last_seq } = rooms[0]!
    assert.equal(last_seq, history.length)
    for (const [i, mine] of rooms.entries()) {
      const me = members.find(({ user_id }) => user_id === people[i]!.id)!
      assert.equal(mine.unread_count, last_seq - Math.max(me.read_seq, me.join_seq), `${when}: unread count`)
    }
    for (const { seq, unread_count } of history)
      assert.equal(unread_count, members.filter((member) => member.read_seq < seq).length, `${when}: number at ${seq}`)
  }

  /** The ids of the messages whose MessageSent event is on the bus. */
  async function eventsOf(operator: Person, roomId: number): Promise<Set<string>> {
    const ids = new Set<string>()
    type Browse = { items: { value: Record<string, unknown> }[]; next_offset: number | null }
    for (let offset: number | null = 0; offset !== null;) {
      const query = `partition=${roomId % 10}&offset=${offset}&limit=500`
      const page: Browse = await operator.get<Browse>(`/ops/topics/message.events/messages?${query}`)
      for (const { value } of page.items)
        if (value['event_type'] === 'MessageSent' && value['room_id'] === roomId && value['message_type'] === 'text')
          ids.add(String(value['message_id']))
      offset = page.next_offset
    }
    return ids
  }
})

/** `npm run admin -- create-admin`, on a folder without a server. */
async function createAdmin(t: TestContext, dir: string): Promise<{ id: number; name: string; email: string }> {
  const email = 'operator@example.com'
  const program = await spawnProgram(t, {
    file: join(MAIN, '../admin.ts'),
    args: ['create-admin', '--email', email, '--username', 'operator', '--password', PASSWORD],
    env: testEnv(dir),
  })
  const { code } = await program.exited
  assert.equal(code, 0, program.output())
  return { id: 0, name: 'operator', email }
}

describe('demo data', () => {
  it('the first start makes it, the second one does not double it, and none is made unasked in production', async (t) => {
    const dir = dataDir(t)
    const env = { DATA_DIR: dir, DEMO_DATA: 'true' }
    const world = async (server: ServerProgram): Promise<unknown> => {
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
    const first = await spawnServer(t, env)
    const made = (await world(first)) as { rooms: unknown[]; friends: unknown[] }
    assert.ok(made.rooms.length >= 3 && made.friends.length >= 3)
    assert.equal((await first.kill('SIGTERM')).code, 0)
    const second = await spawnServer(t, env)
    assert.deepEqual(await world(second), made)

    const production = await spawnServer(t, { DATA_DIR: dataDir(t), DEMO_DATA: undefined, NODE_ENV: 'production' })
    assert.match(production.output(), /No demo data/)
  })
})
