import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import type { DemoLogin } from '../banner.ts'
import type { Settings } from '../config.ts'
import type { ServiceRole } from '../roles.ts'
import { StartupError } from '../startup-error.ts'
import { DEMO_DOMAIN, DEMO_PASSWORD, friendships, openRequests, people, rooms, type DemoRoom } from './world.ts'

const emailOf = (username: string): string => `${username}@${DEMO_DOMAIN}`

/** Calls a service past the gateway: its limits are for people. */
export type CallService = (
  service: ServiceRole,
  call: { method: Method; url: string; payload?: object; headers: Record<string, string> },
) => Promise<{ status: number; body: string }>

/** Services of other processes. @param urls of their own ports */
export const callServicesAt =
  (urls: Readonly<Record<ServiceRole, string>>): CallService =>
  async (service, { method, url, payload, headers }) => {
    const response = await fetch(`${urls[service]}${url}`, {
      method,
      headers: { ...headers, ...(payload ? { 'content-type': 'application/json' } : {}) },
      ...(payload ? { body: JSON.stringify(payload) } : {}),
    })
    return { status: response.status, body: await response.text() }
  }

type Account = { id: number; token: string }

/**
 * Makes the demo world through the public API, once: a file in the data folder remembers that it is complete. An interrupted start
 * leaves part of it and the next one completes it: every step can be repeated.
 * @param stopping aborts between two steps
 * @throws the reason of `stopping`
 */
export async function seedDemoData(
  callService: CallService,
  settings: Pick<Settings, 'NODE_ENV' | 'DATA_DIR'>,
  logger: Logger,
  stopping: AbortSignal,
): Promise<DemoLogin> {
  if (settings.NODE_ENV === 'production')
    throw new StartupError('DEMO_DATA=true makes accounts with a public password: not with NODE_ENV=production.')
  const login = { email: emailOf(people[0]!.username), password: DEMO_PASSWORD, people: people.length }
  const marker = join(settings.DATA_DIR, 'demo-data.json')
  if (existsSync(marker)) return login

  const api = createApi(callService, stopping)
  const accounts = await Promise.all(people.map((person) => account(api, person)))
  const as = (index: number) => accounts[index]!
  for (const [from, to] of [...friendships, ...openRequests])
    await api.tryCall('friend', 'POST', '/friends/request', { target_user_id: as(to).id }, as(from).token)
  for (const [from, to] of friendships)
    await api.tryCall('friend', 'POST', '/friends/request', { target_user_id: as(from).id }, as(to).token)
  for (const [index, room] of rooms.entries()) await fillRoom(api, room, index, as)
  stopping.throwIfAborted()
  writeFileSync(marker, JSON.stringify({ people: people.length, rooms: rooms.length }))
  logger.info({ people: people.length, rooms: rooms.length }, 'demo data made')
  return login
}

async function account({ call, tryCall }: Api, person: (typeof people)[number]): Promise<Account> {
  const email = emailOf(person.username)
  await tryCall('user', 'POST', '/auth/register', {
    email,
    password: DEMO_PASSWORD,
    username: person.username,
    display_name: person.display_name,
    age: person.age,
  })
  const { access_token } = await call('user', 'POST', '/auth/login/json', { email, password: DEMO_PASSWORD })
  const token = String(access_token)
  const profile = await call('user', 'PATCH', '/profile/me', { status_message: person.status_message }, token)
  return { id: Number(profile['id']), token }
}

async function fillRoom({ call }: Api, room: DemoRoom, index: number, as: (index: number) => Account): Promise<void> {
  const [creator, ...others] = room.members
  const { token } = as(creator!)
  const body =
    room.name === undefined
      ? { type: 'direct', user_id: as(others[0]!).id }
      : { type: 'group', name: room.name, member_ids: others.map((one) => as(one).id) }
  const { items } = await call<{ items: Made[] }>('chat', 'GET', '/chat-rooms?limit=100', undefined, token)
  // An earlier start may have made it, however long ago. A direct room is there once in any case.
  const there = items.find(({ type, name }) => type === 'group' && name === room.name)
  const { id } = there ?? (await call<Made>('chat', 'POST', '/chat-rooms', body, token))
  const sent: { id: string; seq: number }[] = []
  for (const [number, line] of room.lines.entries()) {
    const message = await call(
      'chat',
      'POST',
      `/messages/${id}`,
      {
        content: line.text,
        client_message_id: `demo-${index}-${number}`,
        ...(line.answers === undefined ? {} : { reply_to: sent[line.answers]!.id }),
      },
      as(line.by).token,
    )
    sent.push({ id: String(message['id']), seq: Number(message['seq']) })
    const path = `/messages/${id}/${sent.at(-1)!.id}`
    for (const [who, emoji] of line.reactions ?? [])
      await call('chat', 'PUT', `${path}/reactions/${encodeURIComponent(emoji)}`, undefined, as(who).token)
    if (line.pinned) await call('chat', 'PUT', `${path}/pin`, undefined, as(line.by).token)
  }
  for (const reader of room.readBy)
    await call('chat', 'POST', `/chat-rooms/${id}/read`, { seq: sent.at(-1)!.seq }, as(reader).token)
}

/** Other processes may be starting, or taking over from some that were killed. */
const PATIENCE_MS = 30_000
const RETRY_MS = 500

/** What the sessions of demo people are shown as. */
const DEMO_DEVICE = 'BigTech Chat demo data'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'
type Made = { id: number; type: string; name: string | null }
type Api = ReturnType<typeof createApi>

function createApi(callService: CallService, stopping: AbortSignal) {
  async function call<T = Record<string, unknown>>(
    service: ServiceRole,
    method: Method,
    url: string,
    payload?: object,
    token?: string,
  ): Promise<T> {
    const request = {
      method,
      url,
      ...(payload ? { payload } : {}),
      headers: {
        'user-agent': DEMO_DEVICE,
        // The same in each try: it has effect once.
        ...(method === 'POST' ? { 'idempotency-key': newId() } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
    }
    const until = performance.now() + PATIENCE_MS
    let answer = await callService(service, request)
    while (answer.status === 503 && performance.now() < until) {
      await sleep(RETRY_MS, undefined, { signal: stopping })
      answer = await callService(service, request)
    }
    const { status, body } = answer
    if (status < 400) return (body === '' ? undefined : JSON.parse(body)) as T
    // What is being closed refuses.
    stopping.throwIfAborted()
    throw new StartupError(`Making demo data failed: ${method} ${url}: ${body}. Set DEMO_DATA=false to go on without.`)
  }
  return {
    call,
    /** For steps that an earlier, interrupted start may have done: refused is as good as done. */
    tryCall: (...args: Parameters<typeof call>) => call(...args).catch(() => stopping.throwIfAborted()),
  }
}
