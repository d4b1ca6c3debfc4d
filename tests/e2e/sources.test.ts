import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import {
  assertProblem,
  befriend,
  behindGateway,
  call,
  ok,
  openDirect,
  openGroup,
  PASSWORD,
  register,
  registerAdmin,
  registerAll,
  startTestServer,
  type Person,
  type Profile,
  type Urls,
} from '../support/index.ts'

/** The calls of the source documents (002 sections 1.3, 2.3, 4.2, 4.3, 7.2; 003), as they are printed there. */
const system = await startTestServer({ after })
const { urls } = system

/** A printed JSON body: as it is for the first door; for the other one its names get an ending, as they are taken. */
const printed = (json: string, door: string) =>
  json.replaceAll(/(test|testuser|kafka-test|kafkatest)(?=[@"])/g, `$1${door}`)

const JSON_TYPE = { 'content-type': 'application/json' }
const post = (url: string, body: string) => call('POST', url, { body, headers: JSON_TYPE })

function sourceCalls(door: string, at: Urls): void {
  it('health: 002 section 1.3', async () => {
    const service = (name: string) => `{"status":"healthy","service":"${name} Service"}`
    assert.equal((await call('GET', `${urls.user}/health`)).text, service('User'))
    assert.equal((await call('GET', `${urls.friend}/health`)).text, service('Friend'))
    assert.equal((await call('GET', `${urls.chat}/health`)).text, service('Chat'))
    assert.equal((await ok<{ status: string }>(call('GET', `${urls.gateway}/health`))).status, 'healthy')
  })

  it('register and sign in with the printed JSON: 002 section 1.3', async () => {
    const registered = await post(
      `${at.user}/auth/register`,
      printed(
        `{
    "email": "test@example.com",
    "username": "testuser",
    "password": "Test1234!@",
    "display_name": "테스트 유저"
  }`,
        door,
      ),
    )
    assert.equal(registered.status, 201, registered.text)
    const profile = registered.json() as Profile
    assert.ok(Number.isInteger(profile.id))
    assert.equal(profile.email, `test${door}@example.com`)
    assert.equal(profile.username, `testuser${door}`)
    assert.equal(profile.display_name, '테스트 유저')
    assert.ok(!registered.text.includes('assword'), 'no password in the answer')

    const signedIn = await post(
      `${at.user}/auth/login/json`,
      printed('{ "email": "test@example.com", "password": "Test1234!@" }', door),
    )
    assert.equal(signedIn.status, 200, signedIn.text)
    const { access_token, token_type } = signedIn.json() as { access_token: string; token_type: string }
    assert.equal(token_type, 'bearer')
    assert.match(access_token, /^eyJ/)
    const me = await ok<Profile>(call('GET', `${at.user}/profile/me`, { token: access_token }))
    assert.equal(me.id, profile.id)
    assert.equal(me.login_count, 1)
    assert.ok(me.last_login_at)

    const again = await post(
      `${at.user}/auth/register`,
      printed('{"email": " TEST@example.com", "username": "another", "password": "Test1234!@"}', door).replace(
        'TEST',
        `TEST${door}`,
      ),
    )
    assertProblem(again, 400, 'EMAIL_TAKEN', '이미 사용 중인 이메일입니다')
  })

  it('the Kafka exercise: 002 section 4.3', async () => {
    const answer = await post(
      `${at.user}/auth/register`,
      printed('{"email": "kafka-test@example.com", "username": "kafkatest", "password": "Test1234!@"}', door),
    )
    assert.equal(answer.status, 201, answer.text)
    const { id, display_name } = answer.json() as Profile
    assert.ok(display_name.length > 0, 'somebody without a display name is still shown with a name')
    const event = await published('user.events', (value) => value['user_id'] === id)
    assert.equal(event.value['event_type'], 'UserRegistered')
    assert.equal(event.value['email'], `kafka-test${door}@example.com`)
  })

  it('the three tests of 002 section 7.2', async () => {
    const health = await call('GET', `${urls.user}/health`)
    assert.equal(health.status, 200)
    assert.equal((health.json() as { status: string }).status, 'healthy')

    const email = `pytest${door}@example.com`
    const body = { email, username: `pytest${door}`, password: 'Test1234!@', display_name: '테스트' }
    const registered = await call('POST', `${at.user}/auth/register`, { body })
    assert.equal(registered.status, 201)
    assert.ok('id' in (registered.json() as object))

    const signedIn = await call('POST', `${at.user}/auth/login/json`, { body: { email, password: 'Test1234!@' } })
    assert.equal(signedIn.status, 200)
    assert.ok('access_token' in (signedIn.json() as object))
  })

  it('the OAuth2 password form signs in too', async () => {
    const who = await register(urls, '폼')
    const form = new URLSearchParams({ grant_type: 'password', username: who.email, password: PASSWORD })
    const answer = await call('POST', `${at.user}/auth/login`, { body: form })
    assert.equal(answer.status, 200, answer.text)
    const wrong = new URLSearchParams({ username: who.email, password: 'wrong password' })
    assertProblem(await call('POST', `${at.user}/auth/login`, { body: wrong }), 401, 'CREDENTIALS_INVALID')
  })

  it('the Korean texts and status codes of 002 section 2.3', async () => {
    const [me, other] = await registerAll(urls, '나', '너')
    const request = (target_user_id: number) =>
      call('POST', `${at.friend}/friends/request`, { token: me.token, body: { target_user_id } })
    assertProblem(await request(me.id), 400, 'SELF_REQUEST', '자신에게 친구 요청할 수 없습니다')
    assert.equal((await request(other.id)).status, 201)
    assertProblem(await request(other.id), 400, 'ALREADY_REQUESTED', '이미 친구 요청을 보냈습니다')

    const third = await register(urls, '남')
    const room = await openDirect(me, other)
    const send = call('POST', `${at.chat}/messages/${room.id}`, { token: third.token, body: { content: '안녕' } })
    assertProblem(await send, 403, 'NOT_A_MEMBER', '채팅방에 참여하지 않았습니다')
  })

  it('in English with Accept-Language: en', async () => {
    const me = await register(urls, 'Me')
    const answer = await call('POST', `${at.friend}/friends/request`, {
      token: me.token,
      body: { target_user_id: me.id },
      headers: { 'accept-language': 'en-US,en;q=0.9,ko;q=0.8' },
    })
    assertProblem(answer, 400, 'SELF_REQUEST', 'You cannot send a friend request to yourself')
  })

  it('the user rules of 003: password length and age', async () => {
    let n = 0
    const rejected = async (fields: object, field: string, message: string) => {
      const name = `rule${door}${++n}`
      const body = { email: `${name}@example.com`, username: name, password: PASSWORD, ...fields }
      const problem = assertProblem(await call('POST', `${at.user}/auth/register`, { body }), 422, 'VALIDATION_FAILED')
      assert.deepEqual(problem.errors, [{ field, message }])
    }
    await rejected({ password: '1234567' }, 'password', '비밀번호는 8자 이상이어야 합니다')
    await rejected({ age: -1 }, 'age', '나이는 0-150 사이여야 합니다')
    await rejected({ age: 151 }, 'age', '나이는 0-150 사이여야 합니다')
    await rejected({ email: 'no address' }, 'email', '올바른 이메일 주소를 입력해 주세요')
    for (const fields of [{ password: 'k7w2m9xq' }, { age: 0 }, { age: 150 }, { phone: '010-1234-5678' }]) {
      const name = `fine${door}${++n}`
      const body = { email: `${name}@example.com`, username: name, password: PASSWORD, ...fields }
      assert.equal((await call('POST', `${at.user}/auth/register`, { body })).status, 201)
    }
  })
}

describe('on the services’ own ports', () => sourceCalls('', urls))
describe('through the gateway', () => sourceCalls('g', behindGateway(urls)))

describe('documents', () => {
  for (const name of ['gateway', 'user', 'friend', 'chat'] as const)
    it(`Swagger UI and OpenAPI 3.1 of ${name}`, async () => {
      const page = await call('GET', `${urls[name]}/docs`)
      assert.ok(page.status === 200 || page.status === 302, String(page.status))
      const html = await call('GET', new URL(page.headers.get('location') ?? '/docs/', urls[name]).href)
      assert.equal(html.status, 200)
      assert.match(html.text, /swagger-ui/)
      const document = await ok<{ openapi: string; paths: object }>(call('GET', `${urls[name]}/openapi.json`))
      assert.match(document.openapi, /^3\.1\./)
      assert.ok(Object.keys(document.paths).length > 2)
    })
})

type Stored = Readonly<{
  key: string
  partition: number
  value: Readonly<Record<string, unknown>>
  headers: Readonly<Record<string, string>>
}>
let admin: Promise<Person> | undefined

/** Waits for an event on a topic, as its consumers read it. */
async function published(topic: string, matches: (value: Record<string, unknown>) => boolean): Promise<Stored> {
  const { admin } = system.server.profile.bus
  const { partitions } = (await admin.topics()).find(({ name }) => name === topic)!
  return eventually(async () => {
    for (const { partition } of partitions) {
      const records = await admin.read({ topic, partition, offset: 0, limit: 1_000 })
      const found = records.find(({ value }) => matches(value))
      if (found) return found
    }
    throw new Error(`not on ${topic} yet`)
  })
}

function assertEvent(event: Stored, type: string, fields: Record<string, unknown>): void {
  const { event_type, event_id, timestamp, ...rest } = event.value
  assert.equal(event_type, type)
  assert.ok(typeof event_id === 'string' && event_id.length > 0)
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  for (const [name, value] of Object.entries(fields)) assert.deepEqual(rest[name], value, name)
  assert.equal(event.headers['ce_type'], type)
  assert.equal(event.headers['ce_id'], event_id)
  assert.equal(event.headers['ce_specversion'], '1.0')
}

describe('topics and events', () => {
  it('has the topics of 002 section 4.2, with their partitions and retention', async () => {
    const operator = await (admin ??= registerAdmin(system))
    const { items } = await operator.get<{ items: { name: string; partitions: unknown[]; retention_ms: number }[] }>(
      '/ops/topics',
    )
    const DAY = 86_400_000
    const printedTopics = [
      ['user.events', 3, 7 * DAY],
      ['user.online_status', 6, DAY / 24],
      ['friend.events', 3, 7 * DAY],
      ['message.events', 10, 7 * DAY],
      ['chat.events', 3, 7 * DAY],
    ]
    const ours = items.filter(({ name }) => !name.endsWith('.dlq'))
    const rows = ours.map(({ name, partitions, retention_ms }) => [name, partitions.length, retention_ms])
    // Ours, beside those of the document.
    const care = ['care.events', 3, 7 * DAY]
    assert.deepEqual(new Set(rows.map(String)), new Set([...printedTopics, care].map(String)))
    for (const { name } of ours) assert.ok(items.some((topic) => topic.name === `${name}.dlq`))
  })

  it('UserRegistered, FriendRequestSent, FriendRequestAccepted', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const registered = await published('user.events', ({ user_id }) => user_id === one.id)
    assertEvent(registered, 'UserRegistered', { user_id: one.id, email: one.email, display_name: '하나' })
    await befriend(one, other)
    const between = { from_user_id: one.id, to_user_id: other.id }
    const of = (type: string) => (value: Record<string, unknown>) =>
      value['event_type'] === type && value['from_user_id'] === one.id
    const sent = await published('friend.events', of('FriendRequestSent'))
    assertEvent(sent, 'FriendRequestSent', between)
    const accepted = await published('friend.events', of('FriendRequestAccepted'))
    assertEvent(accepted, 'FriendRequestAccepted', between)
    assert.equal(sent.partition, accepted.partition, 'what happens between two people stays in order')
  })

  it('MessageSent: the printed fields, in partition room_id % 10', async () => {
    const [one, other, third] = await registerAll(urls, '하나', '둘', '셋')
    const rooms = [await openDirect(one, other)]
    for (const name of ['가', '나', '다']) rooms.push(await openGroup(one, name, other, third))
    for (const room of rooms) {
      const message = await one.say(room.id, '안녕하세요!')
      const event = await published('message.events', (value) => value['message_id'] === message.id)
      assertEvent(event, 'MessageSent', {
        message_id: message.id,
        room_id: room.id,
        user_id: one.id,
        content: '안녕하세요!',
        message_type: 'text',
        seq: message.seq,
        rev: message.rev,
      })
      assert.match(message.id, /^msg_/)
      assert.equal(event.partition, room.id % 10)
      assert.equal(event.key, String(room.id))
    }
  })

  it('ChatRoomCreated, UserOnlineStatusChanged', async () => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const created = await published('chat.events', (value) => value['room_id'] === room.id)
    assertEvent(created, 'ChatRoomCreated', {
      room_id: room.id,
      room_type: 'direct',
      created_by: one.id,
      member_ids: [one.id, other.id],
    })
    await one.post('/presence/heartbeat')
    const online = await published('user.online_status', ({ user_id }) => user_id === one.id)
    assertEvent(online, 'UserOnlineStatusChanged', { user_id: one.id, is_online: true })
  })
})
