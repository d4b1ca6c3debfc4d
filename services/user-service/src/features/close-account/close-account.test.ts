import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { newId } from '@bigtech/kernel'
import { eventually, spawnProgram, tempDir } from '@bigtech/testkit'
import sharp from 'sharp'
import { replay } from '../../domain/user.ts'
import { bearer, PASSWORD, startService, type Account, type TestService } from '../../user-service.fixture.ts'

const participants = { closureParticipants: ['friend-service', 'chat-service'] }

async function requestClosure({ app }: TestService, who: Account, password = PASSWORD) {
  return app.inject({ method: 'DELETE', url: '/users/me', payload: { password }, headers: bearer(who) })
}
async function startClosure(service: TestService, who: Account): Promise<string> {
  const answer = await requestClosure(service, who)
  assert.equal(answer.statusCode, 202, answer.body)
  const { saga_id, status } = answer.json<{ saga_id: string; status: string }>()
  assert.equal(status, 'closing')
  return saga_id
}
const reply = ({ bus }: TestService, type: string, fields: { user_id: number; saga_id: string; service: string }) =>
  bus.publish([
    {
      topic: fields.service === 'chat-service' ? 'chat.events' : 'friend.events',
      key: String(fields.user_id),
      value: {
        ...fields,
        reason: 'owner of a room',
        event_type: type,
        event_id: newId(),
        timestamp: new Date().toISOString(),
      },
      headers: {},
    },
  ])
const prepared = (service: TestService, user_id: number, saga_id: string, name: string) =>
  reply(service, 'UserClosurePrepared', { user_id, saga_id, service: name })
const statusOf = async ({ db }: TestService, id: number) => (await db.store.users.load(id))!.user.status
const typesOf = async (service: TestService, id: number) =>
  (await service.published('user.events')).filter((r) => r.key === String(id)).map((r) => r.value.event_type)

describe('account closure', () => {
  it('locks the account at once', async (t) => {
    const service = await startService(t, participants)
    const alice = await service.account('alice')
    const wrong = await requestClosure(service, alice, 'wrong-password')
    assert.equal(wrong.statusCode, 400)
    await startClosure(service, alice)
    assert.equal((await service.app.inject({ url: '/profile/me', headers: bearer(alice) })).statusCode, 401)
    const payload = { email: alice.email, password: PASSWORD }
    const login = await service.app.inject({ method: 'POST', url: '/auth/login/json', payload })
    assert.equal(login.statusCode, 403)
    assert.equal(login.json<{ code: string }>().code, 'ACCOUNT_CLOSING')
  })

  it('erases everything personal when all participants have agreed', async (t) => {
    const service = await startService(t, participants)
    const [alice, bob] = [
      await service.account('alice', { age: 33, phone: '010-3333', display_name: '앨리스' }),
      await service.account('bob'),
    ]
    const image = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const headers = { ...bearer(alice), 'content-type': 'image/png' }
    const login = { email: alice.email, password: PASSWORD }
    const phone = { 'user-agent': 'AlicePhone' }
    await service.app.inject({ method: 'POST', url: '/auth/login/json', payload: login, headers: phone })
    const hash = await service.db.store.credentials.passwordHash(alice.id)
    await service.app.inject({ method: 'PUT', url: '/profile/me/image', payload: image, headers })
    const patch = { username: 'alice-kim', status_message: '비밀 메시지' }
    await service.app.inject({ method: 'PATCH', url: '/profile/me', payload: patch, headers: bearer(alice) })
    await service.db.store.relations.addFriends(alice.id, bob.id)
    const saga_id = await startClosure(service, alice)
    await prepared(service, alice.id, saga_id, 'friend-service')
    await eventually(async () =>
      assert.deepEqual((await service.db.store.sagas.find(saga_id))!.prepared, ['friend-service']),
    )
    assert.equal(await statusOf(service, alice.id), 'closing', 'one is not all')
    await prepared(service, alice.id, saga_id, 'chat-service')
    await eventually(async () => assert.equal(await statusOf(service, alice.id), 'closed'))

    assert.equal((await service.app.inject({ url: `/users/${alice.id}`, headers: bearer(bob) })).statusCode, 404)
    const list = await service.app.inject({ url: `/users?user_ids=${alice.id}`, headers: bearer(bob) })
    assert.deepEqual(list.json(), [
      {
        id: alice.id,
        username: `closed-${alice.id}`,
        display_name: '탈퇴한 사용자',
        status_message: null,
        profile_image_url: null,
        status: 'closed',
      },
    ])
    const stream = await service.db.store.users.stream(alice.id)
    assert.deepEqual(replay(alice.id, stream), (await service.db.store.users.load(alice.id))!.user)
    await eventually(async () => {
      const files = await readdir(join(service.dir, 'profile-images'), { recursive: true, withFileTypes: true })
      assert.equal(files.filter((entry) => entry.isFile()).length, 0)
    })
    await eventually(async () =>
      assert.deepEqual((await typesOf(service, alice.id)).slice(-2), ['UserClosureRequested', 'UserClosed']),
    )
    const stored = everythingIn(service.dir)
    assert.match(stored, /bob@example\.com/, 'the right file')
    for (const secret of ['alice', '앨리스', '010-3333', '비밀 메시지', 'AlicePhone', hash!])
      assert.ok(!stored.includes(secret), `${secret} is still stored`)
    await assert.rejects(service.signIn(alice.email), /CREDENTIALS_INVALID/)
    const again = await service.account('alice')
    assert.notEqual(again.id, alice.id, 'address and name are free again, the id is not')
  })

  it('a rejection brings the account back', async (t) => {
    const service = await startService(t, participants)
    const alice = await service.account('alice', { phone: '010-3333' })
    const saga_id = await startClosure(service, alice)
    await prepared(service, alice.id, saga_id, 'friend-service')
    await reply(service, 'UserClosureRejected', { user_id: alice.id, saga_id, service: 'chat-service' })
    await eventually(async () => assert.equal(await statusOf(service, alice.id), 'active'))
    await prepared(service, alice.id, saga_id, 'chat-service')
    const back = await service.signIn(alice.email)
    const me = await service.app.inject({ url: '/profile/me', headers: bearer(back) })
    assert.equal(me.json<{ phone: string }>().phone, '010-3333')
    const cancelled = await eventually(async () => {
      const found = (await service.published('user.events')).find((r) => r.value.event_type === 'UserClosureCancelled')
      assert.ok(found)
      return found
    })
    assert.deepEqual(
      [cancelled.value['user_id'], cancelled.value['saga_id'], cancelled.value['reason']],
      [alice.id, saga_id, 'chat-service: owner of a room'],
    )
    assert.equal(await statusOf(service, alice.id), 'active', 'the late answer changed nothing')
    const second = await startClosure(service, back)
    await prepared(service, alice.id, second, 'friend-service')
    await prepared(service, alice.id, second, 'chat-service')
    await eventually(async () => assert.equal(await statusOf(service, alice.id), 'closed'))
  })

  it('a missed deadline brings it back too, also after a restart', async (t) => {
    const first = await startService(t, { ...participants, closureDeadlineMs: 60_000 })
    const alice = await first.account('alice')
    const saga_id = await startClosure(first, alice)
    await first.module.turns.closures()
    assert.equal(await statusOf(first, alice.id), 'closing')
    await first.close()
    first.clock.advance(60_001)
    const second = await startService(t, { ...participants, dir: first.dir, clock: first.clock })
    assert.equal(await statusOf(second, alice.id), 'active')
    assert.match((await second.db.store.sagas.find(saga_id))!.reason!, /no answer from friend-service, chat-service/)
    await second.signIn(alice.email)
  })

  it('answers that wait in the log while the service is down count after its start', async (t) => {
    const first = await startService(t, participants)
    const alice = await first.account('alice')
    const saga_id = await startClosure(first, alice)
    await first.module.close()
    await prepared(first, alice.id, saga_id, 'friend-service')
    await prepared(first, alice.id, saga_id, 'chat-service')
    await prepared(first, alice.id, saga_id, 'chat-service')
    assert.equal(await statusOf(first, alice.id), 'closing')
    await first.close()
    const second = await startService(t, { ...participants, dir: first.dir, clock: first.clock })
    await eventually(async () => assert.equal(await statusOf(second, alice.id), 'closed'))
  })

  it('survives kill -9 right after the answer, and right after the last consent', async (t) => {
    const dir = tempDir(t)
    const file = join(import.meta.dirname, 'closure-child.fixture.ts')
    const child = await spawnProgram(t, { file, args: [dir] })
    const [, id, saga_id] = await child.line(/^closing (\d+) (.+)$/)
    await child.kill('SIGKILL')
    const user_id = Number(id)
    const again = await spawnProgram(t, { file, args: [dir, 'consent', id!, saga_id!] })
    await again.line(/^consented$/)
    await again.kill('SIGKILL')
    const service = await startService(t, { ...participants, dir })
    await eventually(async () => assert.equal(await statusOf(service, user_id), 'closed'))
    await eventually(async () => assert.equal((await service.db.outbox.stats()).pending, 0))
    const records = (await service.published('user.events')).filter((record) => record.key === id)
    const once = new Map(records.map((record) => [record.value.event_id, record.value.event_type]))
    assert.deepEqual([...once.values()], ['UserRegistered', 'UserLoggedIn', 'UserClosureRequested', 'UserClosed'])
  })

  it('needs nobody where there are no participants', async (t) => {
    const service = await startService(t, { closureParticipants: [] })
    const alice = await service.account('alice')
    await startClosure(service, alice)
    assert.equal(await statusOf(service, alice.id), 'closed')
  })

  it('deletes the image after a crash between the commit and the deletion', async (t) => {
    const first = await startService(t, { ...participants, started: false })
    const alice = await first.account('alice')
    const { key } = await first.blobs.put(
      (async function* () {
        yield Buffer.from('image')
      })(),
      { maxBytes: 10 },
    )
    const saga = { ...(await savedSaga(first, alice.id)), state: 'completed' as const }
    await first.db.store.sagas.save(saga, key)
    await first.close()
    const second = await startService(t, { ...participants, dir: first.dir })
    assert.equal(await second.blobs.exists(key), false)
    assert.deepEqual(await second.db.store.sagas.orphans(), [])
  })
})

/** All rows of all tables of the service, as text. */
function everythingIn(dir: string): string {
  const db = new DatabaseSync(join(dir, 'user.db'), { readOnly: true })
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").all() as { name: string }[]
  const rows = tables.flatMap(({ name }) => db.prepare(`select * from "${name}"`).all())
  db.close()
  return JSON.stringify(rows)
}

async function savedSaga(service: TestService, user_id: number) {
  const times = { started_at: 1, deadline_at: 2, ended_at: 2 }
  const saga = {
    id: newId(),
    user_id,
    state: 'preparing' as const,
    participants: [],
    prepared: [],
    reason: null,
    ...times,
  }
  await service.db.store.sagas.save(saga)
  return saga
}
