import assert from 'node:assert/strict'
import { after } from 'node:test'
import { eventually } from '@bigtech/testkit'
import sharp from 'sharp'
import { subscriptionAt } from './device.ts'
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
  startTestServer,
  type Answer,
  type Message,
  type Operation,
  type Page,
  type Person,
  type Room,
  type StoredFile,
} from './index.ts'

/**
 * Walks every operation of the API as everybody who could call it, with the ids of somebody else's things. What each may do stands in
 * TABLE; an operation that is not in it fails the test: whoever adds one must say who may call it.
 */
export type Actor = 'stranger' | 'blocked' | 'member' | 'roomAdmin' | 'admin'
export type Expected = Readonly<Record<Actor, number>>

/** One's own things: everybody signed in gets the same. */
export const own = (status: number): Expected => ({
  stranger: status,
  blocked: status,
  member: status,
  roomAdmin: status,
  admin: status,
})
/** For members of the room; an administrator of the system is no member. */
export const inRoom = (status: number, more: Partial<Expected> = {}): Expected => ({
  ...own(403),
  member: status,
  roomAdmin: status,
  ...more,
})
export const roomAdmins = (status: number) => inRoom(status, { member: 403 })
export const admins = (status: number): Expected => ({ ...own(403), admin: status })
/** `anyone`: needs no token. */
export const anyone = (status: number) => ({ anyone: status })

export const TABLE: Readonly<Record<string, Expected | { anyone: number }>> = {
  about: anyone(200),
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
  resendConfirmation: anyone(202),
  confirmEmail: anyone(400),
  getProfileImage: anyone(404),
  // A stream needs a token or a ticket, in its own way.
  streamEvents: anyone(401),

  readStorage: admins(200),
  listTopics: admins(200),
  browseTopic: admins(200),
  listLag: admins(200),
  listPartitions: admins(200),
  listReports: admins(200),
  listOutboxes: admins(200),
  listParked: admins(200),
  unpark: admins(204),
  listDeadLetters: admins(200),
  replayDeadLetters: admins(200),
  listHealth: admins(200),
  readMetrics: admins(200),
  getStatisticsOverview: admins(200),
  getMessageStatistics: admins(200),
  getUserStatistics: admins(200),
  getRoomStatistics: admins(200),
  getRetentionStatistics: admins(200),
  getStatisticsRebuild: admins(200),
  rebuildStatistics: admins(202),
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
  reportUser: own(201),
  listBlocks: own(200),
  suggestFriends: own(200),

  // As if the owner were not there: a block is told to nobody.
  createRoom: { ...own(201), blocked: 404 },
  listRooms: own(200),
  getRoom: inRoom(200),
  updateRoom: roomAdmins(200),
  muteRoom: inRoom(204),
  unmuteRoom: inRoom(204),
  previewLeave: inRoom(200),
  leaveRoom: inRoom(204),
  leaveRoomAsMember: inRoom(204),
  listMembers: inRoom(200),
  addMembers: inRoom(200),
  removeMember: roomAdmins(204),
  setRole: inRoom(403),
  markRead: inRoom(200),
  typing: inRoom(204),
  setRoomSettings: inRoom(200),
  setFocus: inRoom(204),
  createInvite: roomAdmins(201),
  getInvite: roomAdmins(200),
  revokeInvite: roomAdmins(204),
  previewInvite: own(404),
  joinByInvite: own(404),
  readUsage: own(200),
  listInvitations: own(200),
  // Nobody was asked; who is in already stays in.
  acceptInvitation: { ...own(404), member: 200, roomAdmin: 200 },
  declineInvitation: own(404),

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

  listNotifications: own(200),
  countNotifications: own(200),
  readNotifications: own(200),
  getNotificationSettings: own(200),
  changeNotificationSettings: own(200),
  getVapidKey: own(200),
  listSubscriptions: own(200),
  putSubscription: own(200),
  deleteSubscription: own(204),
  testNotifications: own(202),
  unsubscribe: anyone(204),
}

/** Those who end their own session or account: walked by somebody who is not needed any more. */
export const ENDS_SESSION = new Set(['logout', 'closeAccount', 'changePassword', 'endOtherSessions'])

export const system = await startTestServer({ after })
export const { urls } = system
export const api = `${urls.gateway}/api`
export const operations = await readOperations(urls.gateway)

/** Planted in what belongs to the owner. */
export const SECRET = {
  phone: '010-7777-4321',
  age: '"age":97',
  message: 'ZXMESSAGE',
  room: 'ZXROOM',
  file: 'ZXFILE',
  device: 'ZXDEVICE',
}

export type World = { room: Room; message: Message; file: StoredFile; code: string }

export const admin = await registerAdmin(system)
export const owner = await plantOwner()
export const [victim, added, friend] = [
  await register(urls, '희생자'),
  await register(urls, '더할이'),
  await register(urls, '친구'),
]
export const [member, roomAdmin, blocked] = [
  await register(urls, '회원'),
  await register(urls, '부방장'),
  await register(urls, '차단된이'),
]
export const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  .png()
  .toBuffer()
export const world = await createWorld()
export const request = await owner.post<{ id: number }>('/friends/request', { target_user_id: friend.id })
export const direct = await openDirect(owner, blocked)
await owner.put(`/friends/blocks/${blocked.id}`)
await eventually(async () =>
  assert.equal((await blocked.call('POST', `/messages/${direct.id}`, { body: { content: '?' } })).status, 403),
)
export const { items: sessions } = await owner.get<Page<{ id: string }>>('/auth/sessions')

export async function plantOwner(): Promise<Person> {
  const person = await register(urls, '주인', { phone: SECRET.phone, age: 97 })
  const body = { email: person.email, password: PASSWORD }
  await ok(call('POST', `${api}/auth/login/json`, { body, headers: { 'user-agent': SECRET.device } }))
  return person
}

/** A group of the owner's with an administrator, two members, a message and a picture. */
export async function createWorld(): Promise<World> {
  const room = await openGroup(owner, SECRET.room, member, roomAdmin, victim)
  await owner.put(`/chat-rooms/${room.id}/members/${roomAdmin.id}/role`, { role: 'admin' })
  const { code } = await owner.post<{ code: string }>(`/chat-rooms/${room.id}/invite`, {})
  const message = await owner.say(room.id, SECRET.message)
  const file = await owner.post<StoredFile>('/files', picture(`${SECRET.file}.png`))
  await owner.post(`/messages/${room.id}`, { message_type: 'image', file_id: file.id })
  return { room, message, file, code }
}

export function picture(name: string): FormData {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(image)], { type: 'image/png' }), name)
  return form
}

export function idOf({ path }: Operation, { file }: World): string | number {
  if (path.includes('/files/')) return file.id
  if (path.includes('/sessions/')) return sessions[0]!.id
  return path.includes('/requests/') ? request.id : owner.id
}

let serial = 0
/** A body that would do what the operation is for. */
export function bodyOf(operation: Operation): unknown {
  const name = `walker${++serial}`
  const bodies: Record<string, unknown> = {
    register: { email: `${name}@example.com`, username: name, password: PASSWORD },
    login: new URLSearchParams({ username: owner.email, password: 'a wrong password' }),
    loginJson: { email: owner.email, password: 'a wrong password' },
    refresh: { refresh_token: 'none of ours' },
    forgotPassword: { email: owner.email },
    resendConfirmation: { email: owner.email },
    confirmEmail: { token: 'none of ours' },
    closeAccount: { password: PASSWORD },
    changePassword: { current_password: PASSWORD, new_password: 'Another1234!' },
    replaceProfile: { username: name },
    patchProfile: { status_message: '안녕' },
    requestFriend: { target_user_id: owner.id },
    reportUser: { user_id: owner.id, reason: 'spam' },
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
    changeNotificationSettings: { sound: false },
    putSubscription: subscriptionAt(`https://push.example.com/${name}`),
  }
  return bodies[operation.id] ?? (operation.body && sample(operation.body))
}

export function walk(operation: Operation, world: World, token?: string): Promise<Answer> {
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
  const body = operation.id === 'setFocus' ? { room_id: room.id, connection_id: 'c' } : bodyOf(operation)
  return call(operation.method, `${urls.gateway}${path}${search}`, { token, body })
}

/** What nobody but its owner may read. `room`: what members of the room may read too. */
export function assertNothingLeaks(answer: Answer, who: string, room: 'room' | '' = ''): void {
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

export function assertStatus(answer: Answer, expected: number, what: string): void {
  assert.equal(answer.status, expected, `${what}: ${answer.text.slice(0, 300)}`)
  if (expected >= 400) assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what)
}

export const isOpen = (expected: Expected | { anyone: number }) => 'anyone' in expected
export const closed = operations.filter(({ id }) => TABLE[id] && !isOpen(TABLE[id]))
