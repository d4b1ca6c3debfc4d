import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { it, type TestContext } from 'node:test'
import { eventually } from '@bigtech/testkit'
import {
  assertProblem,
  call,
  openGroup,
  PASSWORD,
  registerAll,
  spawnServer,
  type Answer,
  type History,
  type Message,
  type Problem,
} from '../support/index.ts'

/** A full disk: refusals that say so, nothing corrupt, nothing lost, and no restart needed once there is space again. */

/** A small disk of its own, or why there is none. */
function smallDisk(t: TestContext, megabytes: number): { dir: string } | { skip: string } {
  const dir = mkdtempSync(join(tmpdir(), 'bigtech-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'bigtech-test', dir], {
    encoding: 'utf8',
  })
  if (mounted.status !== 0) {
    rmSync(dir, { recursive: true })
    return { skip: `no tmpfs can be mounted here: ${(mounted.stderr ?? mounted.error?.message ?? '').trim()}` }
  }
  t.after(() => {
    spawnSync('umount', ['--lazy', dir])
    rmSync(dir, { recursive: true, force: true })
  })
  return { dir }
}

/** Writes until there is no space left. @returns how to free it */
function fillDisk(dir: string): () => void {
  const path = join(dir, 'filler')
  const file = openSync(path, 'w')
  for (let size = 2 ** 20; size >= 512;) {
    try {
      writeSync(file, Buffer.alloc(size))
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
      size /= 2
    }
  }
  closeSync(file)
  return () => unlinkSync(path)
}

/** Repeats what may still fit until it does not. @returns the refusal */
async function untilRefused<A>(attempt: (n: number) => Promise<A>, refused: (answer: A) => boolean): Promise<A> {
  for (let n = 0; n < 400; n++) {
    const answer = await attempt(n)
    if (refused(answer)) return answer
  }
  throw new Error('the disk never was full')
}

type Ready = { status: string; checks: Record<string, { status: string; detail?: string }> }

it('a full disk', { timeout: 60_000 }, async (t) => {
  const disk = smallDisk(t, 48)
  if ('skip' in disk) return t.skip(disk.skip)
  const dataDir = join(disk.dir, 'data')
  const server = await spawnServer(t, { DATA_DIR: dataDir })
  const urls = await server.urls()
  const [one, other] = await registerAll(urls, '하나', '둘')
  const room = await openGroup(one, '모임', other)
  const [sse, ws] = [await other.sse(t), await one.ws(t)]
  const first = await one.say(room.id, '아직 자리가 있다')
  await sse.seen((frame) => frame.message?.id === first.id)

  const free = fillDisk(disk.dir)
  const acknowledged: Message[] = [first]
  const send = (content: string): Promise<Answer> => one.call('POST', `/messages/${room.id}`, { body: { content } })
  // Files have pages left that are written over: a few messages may still fit.
  const refusal = await untilRefused(
    (i) => send(`${i} ${'가'.repeat(2_000)}`),
    (answer) => {
      if (answer.status === 201) acknowledged.push(answer.json() as Message)
      return answer.status !== 201
    },
  )
  const problem = assertProblem(refusal, 503, 'STORAGE_UNAVAILABLE', /저장소/)
  assert.ok(Number(refusal.headers.get('retry-after')) >= 1)
  assert.doesNotMatch(JSON.stringify(problem), /SQLITE|disk image|\/tmp/)
  const content = '가'.repeat(9_000)
  const error = await untilRefused(
    () => ws.command({ type: 'send', room_id: room.id, content }),
    (answer) => {
      if (answer.type === 'ack') acknowledged.push({ id: answer['message_id'] } as Message)
      return answer.type === 'error'
    },
  )
  assert.deepEqual([error.type, error.status, error.code], ['error', 503, 'STORAGE_UNAVAILABLE'])
  assert.ok(Number(error['retry_after']) >= 1)

  // Ten at once share one transaction: none is half there.
  const burst = await Promise.all(Array.from({ length: 10 }, (_, i) => send(`${i} ${content}`)))
  for (const answer of burst) {
    if (answer.status === 201) acknowledged.push(answer.json() as Message)
    else assertProblem(answer, 503, 'STORAGE_UNAVAILABLE')
  }
  const form = new FormData()
  form.set('file', new Blob([Buffer.alloc(2 ** 20, 'x')], { type: 'text/plain' }), 'a.txt')
  const upload = await one.call('POST', '/files', { body: form })
  assert.equal(upload.status, 503, upload.text)
  assert.match((upload.json() as Problem).code, /STORAGE_UNAVAILABLE/)

  const fields = { email: 'full@example.com', username: 'fulldisk', password: PASSWORD }
  const registration = await call('POST', `${urls.gateway}/api/auth/register`, { body: fields })
  assertProblem(registration, 503, 'STORAGE_UNAVAILABLE')
  assert.ok(Number(registration.headers.get('retry-after')) >= 1)
  const group = { type: 'group', name: '가'.repeat(100), member_ids: [other.id] }
  const noGroup = await untilRefused(
    () => one.call('POST', '/chat-rooms', { body: group }),
    ({ status }) => status !== 201,
  )
  assertProblem(noGroup, 503, 'STORAGE_UNAVAILABLE')

  // What is there can be read, and the streams are alive. A search says so when it does not know all of it.
  const search = (word: string) => one.call('GET', `/messages/search?q=${encodeURIComponent(word)}`)
  const searched = await search('아직')
  if (searched.status !== 200) assertProblem(searched, 503, 'STORAGE_UNAVAILABLE')
  const { items: kept } = await one.get<History>(`/messages/${room.id}?after_seq=0&limit=200`)
  assert.equal(kept.length, acknowledged.length + 1)
  assert.equal((await ws.command({ type: 'ping' })).type, 'ack')
  await eventually(async () => {
    const answer = await call('GET', `${urls.chat}/ready`)
    assert.equal(answer.status, 503, answer.text)
    const { status, checks } = answer.json() as Ready
    assert.equal(status, 'not_ready')
    assert.equal(checks['database']!.status, 'down')
    assert.ok(checks['database']!.detail)
    const gateway = await call('GET', `${urls.gateway}/ready`)
    assert.equal(gateway.status, 503)
    assert.equal((gateway.json() as Ready).checks['chat-service']!.status, 'down')
  })
  assert.equal((await call('GET', `${urls.chat}/health`)).status, 200, 'alive, if not ready')

  free()
  const after = await eventually(async () => {
    const answer = await send('다시 자리가 있다')
    assert.equal(answer.status, 201, answer.text)
    return answer.json() as Message
  })
  acknowledged.push(after)
  await sse.seen((frame) => frame.message?.id === after.id)
  for (const [word, id] of [
    ['아직', first.id],
    ['다시', after.id],
  ] as const) {
    const { items: hits } = (await search(word)).json() as { items: Message[] }
    assert.deepEqual(
      hits.map((hit) => hit.id),
      [id],
    )
  }
  for (const url of Object.values(urls))
    await eventually(async () => assert.equal((await call('GET', `${url}/ready`)).status, 200))
  const again = await call('POST', `${urls.gateway}/api/auth/register`, { body: fields })
  assert.equal(again.status, 201, again.text)

  // Nothing lost, nothing doubled, no holes, for the reader and on the stream.
  const { items } = await other.get<History>(`/messages/${room.id}?after_seq=0&limit=200`)
  assert.deepEqual(
    items.map(({ seq }) => seq),
    items.map((_, i) => items[0]!.seq + i),
  )
  const ids = acknowledged.map(({ id }) => id)
  assert.deepEqual(
    items.filter(({ message_type }) => message_type === 'text').map(({ id }) => id),
    ids,
  )
  const streamed = sse.frames.flatMap(({ type, message }) =>
    type === 'message' && message!.room_id === room.id ? [message!.id] : [],
  )
  assert.deepEqual(streamed, ids)
  assert.equal((await other.room(room.id)).unread_count, ids.length)

  assert.deepEqual(await server.kill('SIGTERM'), { code: 0, signal: null }, server.output())
  let events = 0
  for (const name of readdirSync(dataDir).filter((file) => file.endsWith('.db'))) {
    const db = new DatabaseSync(join(dataDir, name))
    assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' }, name)
    if (name === 'chat.db') events = (db.prepare('SELECT count(*) AS n FROM outbox').get() as { n: number }).n
    db.close()
  }
  assert.equal(events, 0, 'every event was published')
})

it('pages that cannot be read: not ready while it lasts, and ready again', { timeout: 60_000 }, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'bigtech-pages-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const server = await spawnServer(t, { DATA_DIR: dataDir })
  const urls = await server.urls()
  await registerAll(urls, '하나', '둘')
  const ready = async (url: string) => {
    const answer = await call('GET', `${url}/ready`)
    return [answer.status, (answer.json() as Ready).checks['database']?.status]
  }
  assert.deepEqual(await ready(urls.user), [200, 'up'])
  const file = join(dataDir, 'user.db')
  const other = new DatabaseSync(file, { timeout: 5_000 })
  other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  other.close()
  const whole = readFileSync(file)
  const damage = (bytes: Buffer) => {
    const handle = openSync(file, 'r+')
    writeSync(handle, bytes, 0, bytes.length, 4_096)
    closeSync(handle)
  }
  damage(Buffer.alloc(whole.length - 4_096, 0xff))
  assert.deepEqual(await ready(urls.user), [503, 'down'])
  assert.equal((await call('GET', `${urls.gateway}/ready`)).status, 503)
  assert.deepEqual(await ready(urls.friend), [200, 'up'], 'another file')
  damage(whole.subarray(4_096))
  assert.deepEqual(await ready(urls.user), [200, 'up'])
})
