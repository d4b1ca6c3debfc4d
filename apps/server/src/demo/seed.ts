import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '@bigtech/http'
import type { Logger } from '@bigtech/telemetry'
import type { DemoLogin } from '../banner.ts'
import type { Settings } from '../config.ts'
import type { Server } from '../server.ts'
import { StartupError } from '../startup-error.ts'
import { DEMO_PASSWORD, friendships, openRequests, people, rooms, type DemoRoom } from './world.ts'

const emailOf = (username: string): string => `${username}@demo.local`

type Account = { id: number; token: string }

/**
 * Makes the demo world through the public API, once: a file in the data folder remembers that it is complete. An interrupted start
 * leaves part of it and the next one completes it: every step can be repeated.
 */
export async function seedDemoData(server: Server, settings: Settings, logger: Logger): Promise<DemoLogin> {
  if (settings.NODE_ENV === 'production')
    throw new StartupError('DEMO_DATA=true makes accounts with a public password: not with NODE_ENV=production.')
  const login = { email: emailOf(people[0]!.username), password: DEMO_PASSWORD, people: people.length }
  const marker = join(settings.DATA_DIR, 'demo-data.json')
  if (existsSync(marker)) return login

  const { apps } = server
  const accounts = await Promise.all(people.map((person) => account(apps.user, person)))
  const as = (index: number) => accounts[index]!
  for (const [from, to] of [...friendships, ...openRequests])
    await tryCall(apps.friend, 'POST', '/friends/request', { target_user_id: as(to).id }, as(from).token)
  for (const [from, to] of friendships)
    await tryCall(apps.friend, 'POST', '/friends/request', { target_user_id: as(from).id }, as(to).token)
  for (const [index, room] of rooms.entries()) await fillRoom(apps.chat, room, index, as)
  writeFileSync(marker, JSON.stringify({ people: people.length, rooms: rooms.length }))
  logger.info({ people: people.length, rooms: rooms.length }, 'demo data made')
  return login
}

async function account(app: App, person: (typeof people)[number]): Promise<Account> {
  const email = emailOf(person.username)
  await tryCall(app, 'POST', '/auth/register', {
    email,
    password: DEMO_PASSWORD,
    username: person.username,
    display_name: person.display_name,
    age: person.age,
  })
  const { access_token } = await call(app, 'POST', '/auth/login/json', { email, password: DEMO_PASSWORD })
  const token = String(access_token)
  const profile = await call(app, 'PATCH', '/profile/me', { status_message: person.status_message }, token)
  return { id: Number(profile['id']), token }
}

async function fillRoom(app: App, room: DemoRoom, index: number, as: (index: number) => Account): Promise<void> {
  const [creator, ...others] = room.members
  const body =
    room.name === undefined
      ? { type: 'direct', user_id: as(others[0]!).id }
      : { type: 'group', name: room.name, member_ids: others.map((one) => as(one).id) }
  const headers = { 'idempotency-key': `demo-room-${index}` }
  const { id } = await call(app, 'POST', '/chat-rooms', body, as(creator!).token, headers)
  const sent: { id: string; seq: number }[] = []
  for (const [number, line] of room.lines.entries()) {
    const message = await call(
      app,
      'POST',
      `/messages/${Number(id)}`,
      {
        content: line.text,
        client_message_id: `demo-${index}-${number}`,
        ...(line.answers === undefined ? {} : { reply_to: sent[line.answers]!.id }),
      },
      as(line.by).token,
    )
    sent.push({ id: String(message['id']), seq: Number(message['seq']) })
    const path = `/messages/${Number(id)}/${sent.at(-1)!.id}`
    for (const [who, emoji] of line.reactions ?? [])
      await call(app, 'PUT', `${path}/reactions/${encodeURIComponent(emoji)}`, undefined, as(who).token)
    if (line.pinned) await call(app, 'PUT', `${path}/pin`, undefined, as(line.by).token)
  }
  for (const reader of room.readBy)
    await call(app, 'POST', `/chat-rooms/${Number(id)}/read`, { seq: sent.at(-1)!.seq }, as(reader).token)
}

/** What the sessions of demo people are shown as. */
const DEMO_DEVICE = 'BigTech Chat demo data'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'

async function call(
  app: App,
  method: Method,
  url: string,
  payload?: object,
  token?: string,
  headers: Record<string, string> = {},
) {
  const response = await app.inject({
    method,
    url,
    ...(payload ? { payload } : {}),
    headers: { 'user-agent': DEMO_DEVICE, ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
  })
  if (response.statusCode >= 400)
    throw new StartupError(
      `Making demo data failed: ${method} ${url}: ${response.body}. Set DEMO_DATA=false to go on without.`,
    )
  return response.json<Record<string, unknown>>()
}

/** For steps that an earlier, interrupted start may have done: refused is as good as done. */
async function tryCall(app: App, method: Method, url: string, payload?: object, token?: string) {
  return call(app, method, url, payload, token).catch(() => undefined)
}
