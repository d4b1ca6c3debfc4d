import assert from 'node:assert/strict'
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import sharp from 'sharp'
import {
  call,
  fill,
  ok,
  openDirect,
  openGroup,
  PASSWORD,
  readOperations,
  register,
  registerAdmin,
  sample,
  sendRaw,
  signIn,
  startTestServer,
  type Answer,
  type Message,
  type Operation,
  type Page,
  type Person,
  type Room,
  type StoredFile,
} from '../support/index.ts'

/**
 * Walks every operation of the API as everybody who could call it, with the ids of somebody else's things. What each may do stands in
 * TABLE; an operation that is not in it fails the test: whoever adds one must say who may call it.
 */
type Actor = 'stranger' | 'blocked' | 'member' | 'roomAdmin' | 'admin'
type Expected = Readonly<Record<Actor, number>>

/** One's own things: everybody signed in gets the same. */
const own = (status: number): Expected => ({
  stranger: status,
  blocked: status,
  member: status,
  roomAdmin: status,
  admin: status,
})
/** For members of the room; an administrator of the system is no member. */
const inRoom = (status: number, more: Partial<Expected> = {}): Expected => ({
  ...own(403),
  member: status,
  roomAdmin: status,
  ...more,
})
const roomAdmins = (status: number) => inRoom(status, { member: 403 })
const admins = (status: number): Expected => ({ ...own(403), admin: status })
/** `anyone`: needs no token. */
const anyone = (status: number) => ({ anyone: status })

const TABLE: Readonly<Record<string, Expected | { anyone: number }>> = {
  health: anyone(200),
  ready: anyone(200),
  metrics: anyone(200),
  jwks: anyone(200),
  register: anyone(201),
  login: anyone(401),
  loginJson: anyone(401),
  refresh: anyone(401),
  forgotPassword: anyone(202),
  resetPassword: anyone(400),
  getProfileImage: anyone(404),
  // A stream needs a token or a ticket, in its own way.
  streamEvents: anyone(401),

  listTopics: admins(200),
  browseTopic: admins(200),
  listLag: admins(200),
  listOutboxes: admins(200),
  listParked: admins(200),
  unpark: admins(204),
  listDeadLetters: admins(200),
  replayDeadLetters: admins(200),
  listHealth: admins(200),
  getUserHistory: admins(200),
  setUserStatus: admins(200),
  setUserRole: admins(200),
  // Without user_ids: a page of all accounts.
  listUsers: admins(200),

  logout: own(204),
  listSessions: own(200),
  endOtherSessions: own(200),
  endSession: own(404),
  changePassword: own(204),
  getProfile: own(200),
  replaceProfile: own(200),
  patchProfile: own(200),
  putProfileImage: own(200),
  deleteProfileImage: own(200),
  searchUsers: own(200),
  listActivities: own(200),
  exportData: own(200),
  closeAccount: own(202),
  getUser: own(200),
  heartbeat: own(200),
  goOffline: own(204),
  getPresence: own(200),

  requestFriend: own(201),
  acceptRequest: own(404),
  rejectRequest: own(404),
  cancelRequest: own(404),
  listRequests: own(200),
  listFriends: own(200),
  removeFriend: own(204),
  blockUser: own(204),
  unblockUser: own(204),
  listBlocks: own(200),
  suggestFriends: own(200),

  createRoom: { ...own(201), blocked: 403 },
  listRooms: own(200),
  getRoom: inRoom(200),
  updateRoom: roomAdmins(200),
  muteRoom: inRoom(204),
  unmuteRoom: inRoom(204),
  leaveRoom: inRoom(204),
  leaveRoomAsMember: inRoom(204),
  listMembers: inRoom(200),
  addMembers: inRoom(200),
  removeMember: roomAdmins(204),
  setRole: inRoom(403),
  markRead: inRoom(200),
  typing: inRoom(204),
  createInvite: roomAdmins(201),
  getInvite: roomAdmins(200),
  revokeInvite: roomAdmins(204),
  joinByInvite: own(404),

  sendMessage: inRoom(201),
  listMessages: inRoom(200),
  editMessage: inRoom(403),
  deleteMessage: roomAdmins(204),
  addReaction: inRoom(200),
  removeReaction: inRoom(200),
  pinMessage: inRoom(200),
  unpinMessage: inRoom(200),
  listChanges: inRoom(200),
  listPins: inRoom(200),
  listReaders: inRoom(200),
  searchMessages: own(200),

  uploadFile: own(201),
  getFile: { ...inRoom(200), stranger: 404, blocked: 404, admin: 404 },
  getThumbnail: { ...inRoom(200), stranger: 404, blocked: 404, admin: 404 },
  createStreamTicket: own(201),
}

/** Those who end their own session or account: walked by somebody who is not needed any more. */
const ENDS_SESSION = new Set(['logout', 'closeAccount', 'changePassword', 'endOtherSessions'])

const system = await startTestServer({ after })
const { urls } = system
const api = `${urls.gateway}/api`
const operations = await readOperations(urls.gateway)

/** Planted in what belongs to the owner. */
const SECRET = {
  phone: '010-7777-4321',
  age: '"age":97',
  message: 'ZXMESSAGE',
  room: 'ZXROOM',
  file: 'ZXFILE',
  device: 'ZXDEVICE',
}

type World = { room: Room; message: Message; file: StoredFile; code: string }

const admin = await registerAdmin(system)
const owner = await plantOwner()
const [victim, added, friend] = [
  await register(urls, '희생자'),
  await register(urls, '더할이'),
  await register(urls, '친구'),
]
const [member, roomAdmin, blocked] = [
  await register(urls, '회원'),
  await register(urls, '부방장'),
  await register(urls, '차단된이'),
]
const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  .png()
  .toBuffer()
const world = await createWorld()
const request = await owner.post<{ id: number }>('/friends/request', { target_user_id: friend.id })
const direct = await openDirect(owner, blocked)
await owner.put(`/friends/blocks/${blocked.id}`)
await eventually(async () =>
  assert.equal((await blocked.call('POST', `/messages/${direct.id}`, { body: { content: '?' } })).status, 403),
)
const { items: sessions } = await owner.get<Page<{ id: string }>>('/auth/sessions')

async function plantOwner(): Promise<Person> {
  const person = await register(urls, '주인', { phone: SECRET.phone, age: 97 })
  const body = { email: person.email, password: PASSWORD }
  await ok(call('POST', `${api}/auth/login/json`, { body, headers: { 'user-agent': SECRET.device } }))
  return person
}

/** A group of the owner's with an administrator, two members, a message and a picture. */
async function createWorld(): Promise<World> {
  const room = await openGroup(owner, SECRET.room, member, roomAdmin, victim)
  await owner.put(`/chat-rooms/${room.id}/members/${roomAdmin.id}/role`, { role: 'admin' })
  const { code } = await owner.post<{ code: string }>(`/chat-rooms/${room.id}/invite`, {})
  const message = await owner.say(room.id, SECRET.message)
  const file = await owner.post<StoredFile>('/files', picture(`${SECRET.file}.png`))
  await owner.post(`/messages/${room.id}`, { message_type: 'image', file_id: file.id })
  return { room, message, file, code }
}

function picture(name: string): FormData {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(image)], { type: 'image/png' }), name)
  return form
}

function idOf({ path }: Operation, { file }: World): string | number {
  if (path.includes('/files/')) return file.id
  if (path.includes('/sessions/')) return sessions[0]!.id
  return path.includes('/requests/') ? request.id : owner.id
}

let serial = 0
/** A body that would do what the operation is for. */
function bodyOf(operation: Operation): unknown {
  const name = `walker${++serial}`
  const bodies: Record<string, unknown> = {
    register: { email: `${name}@example.com`, username: name, password: PASSWORD },
    login: new URLSearchParams({ username: owner.email, password: 'a wrong password' }),
    loginJson: { email: owner.email, password: 'a wrong password' },
    forgotPassword: { email: owner.email },
    closeAccount: { password: PASSWORD },
    changePassword: { current_password: PASSWORD, new_password: 'Another1234!' },
    replaceProfile: { username: name },
    patchProfile: { status_message: '안녕' },
    requestFriend: { target_user_id: owner.id },
    createRoom: { type: 'direct', user_id: owner.id },
    addMembers: { user_ids: [added.id] },
    setRole: { role: 'member' },
    updateRoom: { name: '새 이름' },
    sendMessage: { content: '안녕' },
    markRead: { seq: 1 },
    setUserStatus: { status: 'active' },
    setUserRole: { role: 'user' },
    uploadFile: picture('own.png'),
    putProfileImage: picture('own.png'),
  }
  return bodies[operation.id] ?? (operation.body && sample(operation.body))
}

function walk(operation: Operation, world: World, token?: string): Promise<Answer> {
  const { room, message } = world
  const inMembers = operation.path.includes('/members/')
  const path = fill(operation.path, {
    room_id: room.id,
    message_id: message.id,
    user_id: inMembers ? victim.id : owner.id,
    emoji: '👍',
    code: 'nobody',
    service: 'chat-service',
    topic: 'message.events',
    id: idOf(operation, world),
  })
  const query = new URLSearchParams(
    operation.parameters
      .filter((p) => p.in === 'query' && p.required)
      .map((p): [string, string] => [p.name, p.name === 'user_ids' ? String(owner.id) : String(sample(p.schema))]),
  )
  if (operation.id === 'searchMessages') query.set('q', SECRET.message)
  if (operation.id === 'searchUsers') query.set('q', owner.email.split('@')[0]!)
  const search = query.size > 0 ? `?${query.toString()}` : ''
  return call(operation.method, `${urls.gateway}${path}${search}`, { token, body: bodyOf(operation) })
}

/** What nobody but its owner may read. `room`: what members of the room may read too. */
function assertNothingLeaks(answer: Answer, who: string, room: 'room' | '' = ''): void {
  const personal = [
    owner.email,
    SECRET.phone,
    SECRET.age,
    SECRET.device,
    ...sessions.map(({ id }) => id),
    'assword_hash',
  ]
  const shared = [SECRET.message, SECRET.room, SECRET.file, world.code, world.file.id]
  const text = answer.text + JSON.stringify([...answer.headers])
  for (const secret of [...personal, ...(room ? [] : shared)])
    assert.ok(!text.includes(secret), `${who} learns ${secret}: ${answer.text.slice(0, 300)}`)
}

function assertStatus(answer: Answer, expected: number, what: string): void {
  assert.equal(answer.status, expected, `${what}: ${answer.text.slice(0, 300)}`)
  if (expected >= 400) assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what)
}

it('every operation is in the table, and the table names no other', () => {
  assert.deepEqual(operations.map(({ id }) => id).sort(), Object.keys(TABLE).sort())
  for (const operation of operations) assert.equal('anyone' in TABLE[operation.id]!, operation.isPublic, operation.id)
})

const isOpen = (expected: Expected | { anyone: number }) => 'anyone' in expected
const closed = operations.filter(({ id }) => TABLE[id] && !isOpen(TABLE[id]))

describe('without a good token nothing is reached', () => {
  type Header = Record<string, unknown>
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Header
  const [head, payload] = owner.token.split('.', 2).map(decode) as [Header, Header]
  const [rawHead, , rawSignature] = owner.token.split('.') as [string, string, string]
  const ed25519 = (header: Header, claims: Header, key: KeyObject) => {
    const input = `${encode(header)}.${encode(claims)}`
    return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
  }
  const hs256 = (secret: string | Buffer) => {
    const input = `${encode({ ...head, alg: 'HS256' })}.${encode(payload)}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }

  const tokens: Record<string, () => Promise<string | undefined>> = {
    anonymous: async () => undefined,
    'alg none': async () => `${encode({ ...head, alg: 'none' })}.${encode(payload)}.`,
    'alg none, in other letters': async () => `${encode({ ...head, alg: 'nOnE' })}.${encode(payload)}.${rawSignature}`,
    'no signature': async () => owner.token.replace(/\.[^.]*$/, '.'),
    'somebody else’s signature': async () => `${rawHead}.${encode(payload)}.${member.token.split('.')[2]!}`,
    'another user’s claims': async () => `${rawHead}.${encode({ ...payload, sub: String(admin.id) })}.${rawSignature}`,
    'an administrator’s claims': async () => `${rawHead}.${encode({ ...payload, role: 'admin' })}.${rawSignature}`,
    'a key of one’s own, with our key id': async () =>
      ed25519(head, { ...payload, role: 'admin' }, generateKeyPairSync('ed25519').privateKey),
    'a key of one’s own, without key id': async () =>
      ed25519({ alg: 'EdDSA' }, payload, generateKeyPairSync('ed25519').privateKey),
    'a key of one’s own, in the header': async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      return ed25519({ ...head, jwk: publicKey.export({ format: 'jwk' }) }, payload, privateKey)
    },
    'HS256 with the public key as PEM': async () => {
      const { keys } = await ok<{ keys: Record<string, string>[] }>(call('GET', `${api}/.well-known/jwks.json`))
      const key = createPublicKey({ key: keys[0]!, format: 'jwk' })
      return hs256(key.export({ type: 'spki', format: 'pem' }))
    },
    'HS256 with the public key as bytes': async () => {
      const { keys } = await ok<{ keys: { x: string }[] }>(call('GET', `${api}/.well-known/jwks.json`))
      return hs256(Buffer.from(keys[0]!.x, 'base64url'))
    },
    expired: async () => {
      return signingKeys()({ ...payload, iat: now() - 1_000, exp: now() - 10 })
    },
    'of another issuer': async () => signingKeys()({ ...payload, iss: 'somebody else' }),
    'a refresh token': async () => owner.refreshToken,
    'a session that was ended': async () => {
      const ended = await owner.signIn()
      await ended.post('/auth/logout')
      return ended.token
    },
    'an account that was deactivated': async () => {
      const inactive = await register(urls, '비활성')
      await admin.patch(`/users/${inactive.id}/status`, { status: 'inactive' })
      return inactive.token
    },
    'an account that was closed': async () => {
      const gone = await register(urls, '탈퇴')
      await gone.del('/users/me', { password: PASSWORD })
      return gone.token
    },
  }
  const now = () => Math.floor(Date.now() / 1_000)

  /** Signs with the server's own key, as only a thief of its data folder could. */
  function signingKeys(): (claims: Header) => string {
    const key = readPrivateKey()
    return (claims) => ed25519(head, claims, key)
  }

  it('the server’s key signs tokens that are good, so that the expired one is refused for its age', async () => {
    const token = signingKeys()({ ...payload, iat: now(), exp: now() + 60 })
    assert.equal((await call('GET', `${api}/profile/me`, { token })).status, 200)
  })

  for (const [what, make] of Object.entries(tokens))
    it(what, async () => {
      const token = await make()
      for (const operation of closed) {
        const answer = await walk(operation, world, token)
        assertStatus(answer, 401, `${operation.id} with ${what}`)
        assertNothingLeaks(answer, what)
      }
      const stream = await call('GET', `${api}/stream`, { token })
      assertStatus(stream, 401, 'stream')
      const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
      const shake =
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
      const ws = await sendRaw(urls.gateway, `GET /api/ws HTTP/1.1\r\nHost: x\r\n${authorization}${shake}\r\n`)
      assert.match(ws, /^HTTP\/1\.1 401 /)
    })

  it('tickets end with the session they were made in', async () => {
    for (const end of [
      (who: Person) => who.post('/auth/logout'),
      (who: Person) => who.del('/users/me', { password: PASSWORD }),
      (who: Person) => admin.patch(`/users/${who.id}/status`, { status: 'inactive' }),
    ]) {
      const who = await register(urls, '표')
      const { ticket } = await who.post<{ ticket: string }>('/stream/ticket')
      await end(who)
      assertStatus(await call('GET', `${api}/stream?ticket=${ticket}`), 401, 'a ticket of an ended session')
    }
  })

  it('the open operations', async () => {
    for (const operation of operations) {
      const expected = TABLE[operation.id]
      if (!expected || !('anyone' in expected)) continue
      const answer = await walk(operation, world)
      assertStatus(answer, expected.anyone, operation.id)
      assertNothingLeaks(answer, 'anonymous')
    }
  })

  it('a sign-in to an account that is deactivated or being closed', async () => {
    const inactive = await register(urls, '비활성')
    await admin.patch(`/users/${inactive.id}/status`, { status: 'inactive' })
    const body = { email: inactive.email, password: PASSWORD }
    assertStatus(await call('POST', `${api}/auth/login/json`, { body }), 403, 'login')
    const refresh = { body: { refresh_token: inactive.refreshToken } }
    assert.ok([401, 403].includes((await call('POST', `${api}/auth/refresh`, refresh)).status))
    await admin.patch(`/users/${inactive.id}/status`, { status: 'active' })
    await signIn(urls, inactive)
  })
})

/** The private key in the data folder. */
function readPrivateKey(): KeyObject {
  const [file] = globSync('**/*.pem', { cwd: system.dataDir, exclude: (name) => name.endsWith('.pub.pem') })
  return createPrivateKey(readFileSync(join(system.dataDir, file!)))
}

describe('signed in', () => {
  const outsiders: [Actor, (operation: Operation) => Promise<Person>][] = [
    ['stranger', () => register(urls, '남')],
    ['blocked', async () => blocked],
    ['admin', async ({ id }) => (ENDS_SESSION.has(id) ? registerAdmin(system) : admin)],
  ]
  for (const [actor, personFor] of outsiders)
    it(`${actor}: gets what is their own, and nothing of the owner’s`, async () => {
      for (const operation of closed) {
        if (actor === 'blocked' && (ENDS_SESSION.has(operation.id) || CHANGES_RELATION.has(operation.id))) continue
        const person = await personFor(operation)
        const answer = await walk(operation, world, person.token)
        assertStatus(answer, (TABLE[operation.id] as Expected)[actor], `${operation.id} as ${actor}`)
        if (actor !== 'admin') assertNothingLeaks(answer, actor)
        else if (!OPERATOR_SEES.has(operation.id)) assertNoContent(answer)
      }
      await assertUntouched()
    })

  for (const [actor, person] of [
    ['member', member],
    ['roomAdmin', roomAdmin],
  ] as const)
    it(`${actor}: what the role allows in the room, and nothing personal of the owner’s`, async () => {
      for (const operation of closed) {
        const { id, path } = operation
        if (ENDS_SESSION.has(id) || CHANGES_RELATION.has(id)) continue
        const mine = path.includes('{room_id}') || path.includes('/files/') ? await createWorld() : world
        const answer = await walk(operation, mine, person.token)
        assertStatus(answer, (TABLE[id] as Expected)[actor], `${id} as ${actor}`)
        assertNothingLeaks(answer, actor, 'room')
      }
    })

  /** Blocks and requests by those whose relation to the owner is what is tested. */
  const CHANGES_RELATION = new Set(['blockUser', 'unblockUser', 'requestFriend', 'removeFriend'])
  /** Where an operator sees accounts or events: it is the purpose. */
  const OPERATOR_SEES = new Set(['browseTopic', 'listUsers', 'getUserHistory', 'setUserStatus', 'setUserRole'])

  function assertNoContent(answer: Answer): void {
    for (const secret of [SECRET.message, SECRET.room, SECRET.file, SECRET.device, world.code])
      assert.ok(!answer.text.includes(secret), answer.text.slice(0, 300))
  }

  async function assertUntouched(): Promise<void> {
    const room = await owner.room(world.room.id)
    const people = [owner, member, roomAdmin, victim].map(({ id }) => id).sort((a, b) => a - b)
    assert.deepEqual(
      room.members.map(({ user_id }) => user_id).sort((a, b) => a - b),
      people,
    )
    assert.equal(room.name, SECRET.room)
    const { items } = await owner.history(world.room.id)
    assert.deepEqual(
      items
        .filter(({ message_type }) => message_type !== 'system')
        .map(({ content, is_deleted }) => [content, is_deleted]),
      [
        [SECRET.message, false],
        ['', false],
      ],
    )
    assert.deepEqual(items.find(({ id }) => id === world.message.id)!.reactions, [])
    assert.equal((await owner.call('GET', `/files/${world.file.id}`)).status, 200)
    assert.equal((await owner.get<{ code: string }>(`/chat-rooms/${world.room.id}/invite`)).code, world.code)
    const open = await friend.get<Page<{ id: number }>>('/friends/requests')
    assert.deepEqual(
      open.items.map(({ id }) => id),
      [request.id],
    )
    const left = await owner.get<Page<{ id: string }>>('/auth/sessions')
    for (const { id } of sessions) assert.ok(left.items.some((session) => session.id === id))
  }

  it('people by id: public profiles only, and their presence only to friends', async () => {
    const stranger = await register(urls, '남')
    await owner.post('/presence/heartbeat')
    for (const path of [`/users?user_ids=${owner.id}`, `/users/${owner.id}`, `/presence?user_ids=${owner.id}`]) {
      const answer = await stranger.call('GET', path)
      assertStatus(answer, 200, path)
      assertNothingLeaks(answer, 'stranger')
      assert.ok(!answer.text.includes('"online":true'), answer.text)
    }
    const lists = ['/users?status=active', '/users?cursor=WzFd', '/users?limit=100']
    for (const path of lists) assertStatus(await stranger.call('GET', path), 403, path)
  })

  it('over WebSocket the doors are the same', async (t) => {
    const stranger = await register(urls, '남')
    const { room, message } = world
    const on = { room_id: room.id, message_id: message.id }
    for (const [person, codes] of [
      [stranger, ['NOT_A_MEMBER']],
      [blocked, ['NOT_A_MEMBER']],
      [admin, ['NOT_A_MEMBER']],
      [member, ['NOT_YOUR_MESSAGE']],
    ] as const) {
      const ws = await person.ws(t)
      const commands: object[] = [
        { type: 'edit', ...on, content: '바꿈' },
        { type: 'delete', ...on },
      ]
      if (person !== member)
        commands.push(
          { type: 'send', room_id: room.id, content: '끼어들기' },
          { type: 'react', ...on, emoji: '👍' },
          { type: 'unreact', ...on, emoji: '👍' },
          { type: 'pin', ...on },
          { type: 'unpin', ...on },
          { type: 'read', room_id: room.id, seq: 1 },
          { type: 'typing', room_id: room.id },
          { type: 'changes', room_id: room.id, since_rev: 0 },
        )
      for (const command of commands) {
        const error = await ws.command(command)
        assert.deepEqual([error.type, error.status], ['error', 403], JSON.stringify(error))
        assert.ok((codes as readonly unknown[]).includes(error.code), JSON.stringify(error))
      }
      assert.ok(!JSON.stringify(ws.frames).includes(SECRET.message) || person === member)
    }
    await assertUntouched()
  })

  it('a stream brings nothing of rooms one is not in, or is in no longer', async (t) => {
    const stranger = await register(urls, '남')
    const { room } = await createWorld()
    const [far, former, present] = [await stranger.sse(t), await victim.ws(t), await member.sse(t)]
    await owner.del(`/chat-rooms/${room.id}/members/${victim.id}`)
    await former.seen((frame) => frame.type === 'room_left' && frame.room_id === room.id)
    await owner.say(room.id, 'ZXLATER')
    await owner.post(`/chat-rooms/${room.id}/typing`, { typing: true })
    await present.seen((frame) => frame.type === 'typing' && frame.room_id === room.id)
    const resumed = await victim.sse(t, former.frames[0]!.token)
    await resumed.seen('replayed')
    for (const stream of [far, former, resumed]) assert.ok(!JSON.stringify(stream.frames).includes('ZXLATER'))
    assert.ok(!far.frames.some(({ room_id }) => room_id === room.id))
    const body = { content: '아직 여기?' }
    assertStatus(await victim.call('POST', `/messages/${room.id}`, { body }), 403, 'send after removal')
    assertStatus(await victim.call('GET', `/files/${world.file.id}`), 200, 'still a member of the first room')
  })
})
