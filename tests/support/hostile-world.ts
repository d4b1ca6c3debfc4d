import assert from 'node:assert/strict'
import { after, afterEach, it } from 'node:test'
import {
  call,
  fill,
  openGroup,
  readOperations,
  registerAdmin,
  registerAll,
  sample,
  startTestServer,
  type Answer,
  type Operation,
  type Problem,
  type Room,
} from './index.ts'

export const system = await startTestServer({ after })
export const { urls } = system
export const admin = await registerAdmin(system)
export const [me, other] = await registerAll(urls, '공격', '상대')
export const room = await openGroup(me, '모임', other)
export const message = await me.say(room.id, '있던 말')
/** What the attacks may edit, react to and delete. */
export const target = await me.say(room.id, '표적')
export const report = await me.post<{ id: number }>('/reports', { user_id: other.id, reason: 'spam' })
export const operations = await readOperations(urls.gateway)

export const own: Record<string, string | number> = {
  room_id: room.id,
  message_id: target.id,
  user_id: other.id,
  senior_id: other.id,
  emoji: '👍',
  kind: 'analysis',
  name: 'PHQ-9',
  code: 'nothing',
  service: 'user-service',
  topic: 'user.events',
}
/** Who may call it at all: the deeper a request gets, the more there is to break. */
export const tokenFor = ({ path }: Operation) => (/\/ops\/|history|status|role$/.test(path) ? admin.token : me.token)
export const idFor = ({ path }: Operation) => {
  if (path.includes('/ops/reports/')) return report.id
  return path.includes('/users/') ? other.id : path.includes('requests') ? 1 : 'none'
}
export const valuesFor = (operation: Operation) => ({ ...own, id: idFor(operation) })
export const queryFor = ({ parameters }: Operation) =>
  new URLSearchParams(
    parameters
      .filter((p) => p.in === 'query' && p.required)
      .map((p): [string, string] => [p.name, String(sample(p.schema))]),
  ).toString()
export const urlOf = (
  operation: Operation,
  path = fill(operation.path, valuesFor(operation)),
  query = queryFor(operation),
) => `${urls.gateway}${path}${query && `?${query}`}`

export const INSIDES = /\n\s+at |node_modules|file:\/\/|\.ts:\d|SQLITE|ERR_[A-Z]{3}|\/work\/|\/tmp\//

/** A refusal in good form; `korean` unless the caller asked for English. */
export function assertRefused(answer: Answer, what: string, statuses?: readonly number[], korean = true): Problem {
  const note = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`
  assert.ok(answer.status >= 400 && answer.status < 500, note)
  if (statuses) assert.ok(statuses.includes(answer.status), note)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, note)
  const problem = answer.json() as Problem
  assert.equal(problem.status, answer.status, note)
  assert.match(problem.code, /^[A-Z][A-Z_]+$/, note)
  assert.match(problem.trace_id, /^[0-9a-f]{32}$/, note)
  assert.equal(/[가-힣]/.test(problem.detail), korean, note)
  assert.doesNotMatch(answer.text, INSIDES, note)
  assert.ok(answer.text.length < 20_000, `${what}: an answer of ${answer.text.length} bytes`)
  return problem
}

/** For what may be fine or not: at least no fault of ours. */
export function assertNoFault(answer: Answer, what: string): void {
  assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`)
  assert.doesNotMatch(answer.text, INSIDES, what)
  if (answer.status >= 400) assertRefused(answer, what)
}

export const send = (operation: Operation, body: unknown, headers: Record<string, string> = {}) =>
  call(operation.method, urlOf(operation), {
    token: tokenFor(operation),
    body,
    headers: { 'content-type': operation.mediaTypes[0] ?? 'application/json', ...headers },
  })

export const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
export const withJson = operations.filter(({ mediaTypes }) => mediaTypes.includes('application/json'))
/** Calls that would end the attacker's own account or session if they got through. */
export const FATAL = new Set([
  'closeAccount',
  'logout',
  'endOtherSessions',
  'changePassword',
  'leaveRoom',
  'leaveRoomAsMember',
])

export const snapshot = async () => ({
  room: await other
    .room(room.id)
    .then(({ last_seq, rev, name, member_count }) => ({ last_seq, rev, name, member_count })),
  rooms: (await other.get<{ items: Room[] }>('/chat-rooms?limit=1000')).items.length,
})

afterEach(async () => {
  for (const url of Object.values(urls)) assert.equal((await call('GET', `${url}/ready`)).status, 200)
})

/** To be called last in each file: what came before it changed nothing. */
export function itIsAllAsItWas(): void {
  it('afterwards everything is as it was, and works', async () => {
    const { items } = await other.history(room.id)
    assert.ok(items.some(({ id, content }) => id === message.id && content === '있던 말'))
    const seqs = items.map(({ seq }) => seq)
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => i + 1),
      'gap-free',
    )
    assert.equal((await me.say(room.id, '아직 있음')).content, '아직 있음')
    const health = await admin.get<{ items: { checks: Record<string, { status: string }> }[] }>('/ops/health')
    for (const { checks } of health.items) for (const { status } of Object.values(checks)) assert.equal(status, 'up')
    assert.deepEqual((await admin.get<{ items: unknown[] }>('/ops/dlq')).items, [])
  })
}
