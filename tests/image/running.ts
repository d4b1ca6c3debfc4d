import assert from 'node:assert/strict'
import { FREE_PORTS } from '@bigtech/server/settings'
import { watchProgram, type Cleanup, type Program } from '@bigtech/testkit'
import { start, type RunOptions } from '../../tools/image/run.ts'

export type Running = Readonly<{
  url: string
  readyMs: number
  /** @returns what it ended with */
  healthCheck(): Promise<number | null>
  /** SIGTERM. @returns what it ended with */
  stop(): Promise<number | null>
}>

const LIMIT_MS = 120_000

/** A container with what the image runs, when it is ready. */
export function runProgram(t: Cleanup, options: Omit<RunOptions, 'stdio'>): Promise<Program> {
  const { child, kill } = start({ ...options, stdio: 'pipe' })
  return watchProgram(t, child, { name: 'the image', kill, ready: /Ready after/, readyTimeoutMs: LIMIT_MS })
}

/** A container of the embedded profile with this folder; it is killed after the test if it still runs. */
export async function runImage(t: Cleanup, data: string): Promise<Running> {
  const started = performance.now()
  const program = await runProgram(t, { data, env: FREE_PORTS })
  const [, url] = await program.line(/BigTech Chat +(http:\/\/[^/\s]+)\//)
  return {
    url: url!,
    readyMs: Math.round(performance.now() - started),
    healthCheck() {
      const env = { GATEWAY_PORT: new URL(url!).port }
      const check = start({ env, command: ['apps/server/src/health-check.ts'], stdio: 'pipe' })
      return new Promise((resolve) => check.child.once('close', resolve))
    },
    stop: async () => (await program.kill('SIGTERM')).code,
  }
}

async function call<T>(url: string, path: string, body?: object, token?: string): Promise<T> {
  const response = await fetch(`${url}/api${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  assert.ok(response.ok, `${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

const PASSWORD = 'Test1234!@'
const signIn = async (url: string, email: string) =>
  (await call<{ access_token: string }>(url, '/auth/login/json', { email, password: PASSWORD })).access_token

export type Said = Readonly<{ email: string; room: number }>

/** Somebody registers, makes a group and says something in it. */
export async function talk(url: string, content: string): Promise<Said> {
  const email = 'gildong@example.com'
  await call(url, '/auth/register', { email, username: 'gildong', password: PASSWORD })
  const token = await signIn(url, email)
  const room = await call<{ id: number }>(url, '/chat-rooms', { type: 'group', name: '우리', member_ids: [] }, token)
  await call(url, `/messages/${room.id}`, { content, client_message_id: 'hello-1' }, token)
  return { email, room: room.id }
}

/** What is said in that room, as the same person reads it. */
export async function talkedAbout(url: string, { email, room }: Said): Promise<string[]> {
  const token = await signIn(url, email)
  const { items } = await call<{ items: { content: string; message_type: string }[] }>(
    url,
    `/messages/${room}`,
    undefined,
    token,
  )
  return items.filter(({ message_type: type }) => type === 'text').map(({ content }) => content)
}
