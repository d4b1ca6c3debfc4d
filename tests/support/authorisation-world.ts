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
import { plantFamily, type Family } from './authorisation-care.ts'
import { TABLE, type Expected } from './authorisation-table.ts'

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
  care: 'ZXCARE',
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
export const report = await owner.post<{ id: number }>('/reports', { user_id: blocked.id, reason: 'spam' })
export const direct = await openDirect(owner, blocked)
await owner.put(`/friends/blocks/${blocked.id}`)
await eventually(async () =>
  assert.equal((await blocked.call('POST', `/messages/${direct.id}`, { body: { content: '?' } })).status, 403),
)
export const family = await plantFamily(urls, owner, SECRET.care)
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

export function idOf({ path }: Operation, { file }: World, { entry, link, note }: Family): string | number {
  if (path.includes('/files/')) return file.id
  if (path.includes('/ops/reports/')) return report.id
  if (path.includes('/care/links/')) return link.id
  if (path.includes('/notes/')) return note.id
  if (path.includes('/care/')) return entry.id
  if (path.includes('/sessions/')) return sessions[0]!.id
  return path.includes('/requests/') ? request.id : owner.id
}

let serial = 0
/** A body that would do what the operation is for. */
export function bodyOf(operation: Operation, { senior }: Family): unknown {
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
    markReport: { status: 'handled' },
    setUserStatus: { status: 'active' },
    setUserRole: { role: 'user' },
    uploadFile: picture('own.png'),
    transcribeAudio: picture('own.wav'),
    analyzeAudio: picture('own.wav'),
    readCareAlerts: { all: true },
    setAlertRules: { quiet_days: 3, questionnaire: true, cues: true },
    askForCareLink: { user_id: senior.id, role: 'senior' },
    sendRecording: picture('own.wav'),
    giveConsent: { version: 2 },
    answerQuestionnaire: { answers: Array(9).fill(0) },
    putProfileImage: picture('own.png'),
    changeNotificationSettings: { sound: false },
    putSubscription: subscriptionAt(`https://push.example.com/${name}`),
  }
  return bodies[operation.id] ?? (operation.body && sample(operation.body))
}

/** @param of whose care it is; the owner's */
export function walk(operation: Operation, world: World, token?: string, of: Family = family): Promise<Answer> {
  const { room, message } = world
  const inMembers = operation.path.includes('/members/')
  const path = fill(operation.path, {
    room_id: room.id,
    message_id: message.id,
    user_id: inMembers ? victim.id : owner.id,
    senior_id: of.senior.id,
    emoji: '👍',
    kind: 'analysis',
    name: 'PHQ-9',
    code: 'nobody',
    service: 'chat-service',
    topic: 'message.events',
    id: idOf(operation, world, of),
  })
  const query = new URLSearchParams(
    operation.parameters
      .filter((p) => p.in === 'query' && p.required)
      .map((p): [string, string] => [p.name, p.name === 'user_ids' ? String(owner.id) : String(sample(p.schema))]),
  )
  if (operation.id === 'searchMessages') query.set('q', SECRET.message)
  if (operation.id === 'searchUsers') query.set('q', owner.email.split('@')[0]!)
  const search = query.size > 0 ? `?${query.toString()}` : ''
  const body = operation.id === 'setFocus' ? { room_id: room.id, connection_id: 'c' } : bodyOf(operation, of)
  return call(operation.method, `${urls.gateway}${path}${search}`, { token, body })
}

/** What nobody but its owner may read. `room`: what members of the room may read too. */
export function assertNothingLeaks(answer: Answer, who: string, room: 'room' | '' = ''): void {
  const personal = [
    owner.email,
    SECRET.phone,
    SECRET.age,
    SECRET.device,
    SECRET.care,
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
