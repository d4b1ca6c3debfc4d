import assert from 'node:assert/strict'
import { createLogger } from '@bigtech/telemetry'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import { config } from './config.ts'
import { startServer } from './server.ts'

export type Answer<T> = { status: number; headers: Headers; text: string; body: T }

const PASSWORD = 'Test1234!@'

/** The whole system on free ports and a folder of its own, its log lines, and people who can call it. */
export async function openServer(t: Cleanup, env: Record<string, string> = {}) {
  const dataDir = tempDir(t)
  const lines: Record<string, unknown>[] = []
  const settings = config.parse({
    DATA_DIR: dataDir,
    GATEWAY_PORT: '0',
    USER_SERVICE_PORT: '0',
    FRIEND_SERVICE_PORT: '0',
    CHAT_SERVICE_PORT: '0',
    NOTIFICATION_SERVICE_PORT: '0',
    AI_SERVICE_PORT: '0',
    ANALYTICS_SERVICE_PORT: '0',
    PASSWORD_HASH_MEMORY: '64KB',
    ...env,
  })
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) }
  const server = await startServer(settings, createLogger({ level: 'info', destination }))
  t.after(() => server.close())

  /** Below /api of the gateway, or at a whole URL. */
  async function call<T = Record<string, unknown>>(
    method: string,
    path: string,
    options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const { token, body, headers } = options
    const response = await fetch(path.startsWith('http') ? path : `${server.urls.gateway}/api${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    const json = (response.headers.get('content-type') ?? '').includes('json') && text !== ''
    return { status: response.status, headers: response.headers, text, body: (json ? JSON.parse(text) : text) as T }
  }
  const signIn = async (email: string): Promise<string> => {
    const answer = await call<{ access_token: string }>('POST', '/auth/login/json', {
      body: { email, password: PASSWORD },
    })
    assert.equal(answer.status, 200, answer.text)
    return answer.body.access_token
  }
  async function person(username: string): Promise<{ id: number; token: string }> {
    const email = `${username}@example.com`
    const body = { email, username, password: PASSWORD }
    const registered = await call<{ id: number }>('POST', '/auth/register', { body })
    assert.equal(registered.status, 201, registered.text)
    return { id: registered.body.id, token: await signIn(email) }
  }
  async function admin(): Promise<string> {
    const email = 'admin@example.com'
    await server.profile.services.user.module.createAdmin({ email, username: 'admin', password: PASSWORD })
    return signIn(email)
  }
  async function befriend(a: { token: string }, b: { id: number; token: string }): Promise<void> {
    const request = await call<{ id: number }>('POST', '/friends/request', {
      token: a.token,
      body: { target_user_id: b.id },
    })
    const accepted = await call('POST', `/friends/requests/${request.body.id}/accept`, { token: b.token })
    assert.equal(accepted.status, 200, accepted.text)
  }
  return { server, dataDir, lines, call, person, admin, befriend }
}
