import type { Cleanup } from '@bigtech/testkit'
import { call, ok, type Answer, type CallOptions, type Method } from './http.ts'
import type { TestServer, Urls } from './server.ts'
import { openSse, openWs, type CommandStream, type Stream } from './stream.ts'
import type { History, Message, Profile, Room } from './types.ts'

export const PASSWORD = 'Test1234!@'

/** Somebody signed in. Paths are the gateway's, without `/api`. */
export type Person = {
  id: number
  name: string
  email: string
  urls: Urls
  token: string
  refreshToken: string
  /** The raw answer, whatever it is. */
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>
  /** The JSON of an answer that must succeed. */
  get<T>(path: string): Promise<T>
  post<T = unknown>(path: string, body?: unknown): Promise<T>
  put<T = unknown>(path: string, body?: unknown): Promise<T>
  patch<T = unknown>(path: string, body: unknown): Promise<T>
  del(path: string, body?: unknown): Promise<void>
  say(roomId: number, content: string, more?: object): Promise<Message>
  history(roomId: number): Promise<History>
  room(roomId: number): Promise<Room>
  sse(t: Cleanup, resume?: string): Promise<Stream>
  ws(t: Cleanup, query?: Record<string, string>): Promise<CommandStream>
  /** The same person with a session of its own. */
  signIn(): Promise<Person>
}

let serial = 0
/** Unique among test processes too: some tests use a server again after a restart. */
const RUN = `${process.pid.toString(36)}${Date.now().toString(36)}`

/** Registers somebody and signs them in, through the gateway. The display name is `name`. */
export async function register(urls: Urls, name: string, fields: Record<string, unknown> = {}): Promise<Person> {
  const username = `${name.slice(0, 6)}_${RUN.slice(-6)}${(++serial).toString(36)}`
  const email = `${username}@example.com`
  const body = { email, username, password: PASSWORD, display_name: name, ...fields }
  const profile = await ok<Profile>(call('POST', `${urls.gateway}/api/auth/register`, { body }))
  return signIn(urls, { id: profile.id, name, email: profile.email })
}

export async function signIn(urls: Urls, who: { id: number; name: string; email: string }): Promise<Person> {
  const api = `${urls.gateway}/api`
  const { access_token: token, refresh_token: refreshToken } = await ok<{
    access_token: string
    refresh_token: string
  }>(call('POST', `${api}/auth/login/json`, { body: { email: who.email, password: PASSWORD } }))
  const send = (method: Method, path: string, options: CallOptions = {}) =>
    call(method, `${api}${path}`, { token, ...options })
  const person: Person = {
    ...who,
    urls,
    token,
    refreshToken,
    call: send,
    get: <T>(path: string) => ok<T>(send('GET', path)),
    post: <T>(path: string, body?: unknown) => ok<T>(send('POST', path, { body })),
    put: <T>(path: string, body?: unknown) => ok<T>(send('PUT', path, { body })),
    patch: <T>(path: string, body: unknown) => ok<T>(send('PATCH', path, { body })),
    del: (path, body) => ok<void>(send('DELETE', path, { body })),
    say: (roomId, content, more = {}) => person.post<Message>(`/messages/${roomId}`, { content, ...more }),
    history: (roomId) => person.get<History>(`/messages/${roomId}?limit=200`),
    room: (roomId) => person.get<Room>(`/chat-rooms/${roomId}`),
    sse: (t, resume) => openSse(t, { url: api, token }, resume),
    ws: (t, query) => openWs(t, { url: api, token }, query),
    signIn: () => signIn(urls, who),
  }
  return person
}

export async function registerAll<const N extends readonly string[]>(
  urls: Urls,
  ...names: N
): Promise<{ [K in keyof N]: Person }> {
  return (await Promise.all(names.map((name) => register(urls, name)))) as { [K in keyof N]: Person }
}

/** An administrator of a server in this process. */
export async function registerAdmin({ server, urls }: Pick<TestServer, 'server' | 'urls'>): Promise<Person> {
  const username = `admin_${RUN.slice(-6)}${(++serial).toString(36)}`
  const email = `${username}@example.com`
  const { user } = await server.profile.services.user.module.createAdmin({ email, username, password: PASSWORD })
  return signIn(urls, { id: user.id, name: username, email })
}

export async function befriend(one: Person, other: Person): Promise<void> {
  await one.post('/friends/request', { target_user_id: other.id })
  await other.post('/friends/request', { target_user_id: one.id })
}

export const openDirect = (one: Person, other: Person): Promise<Room> =>
  one.post<Room>('/chat-rooms', { type: 'direct', user_id: other.id })

export const openGroup = (owner: Person, name: string, ...members: Person[]): Promise<Room> =>
  owner.post<Room>('/chat-rooms', { type: 'group', name, member_ids: members.map(({ id }) => id) })
