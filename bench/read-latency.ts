/**
 * The sources' NFR: p95 of every read endpoint <= 250 ms and success >= 99.9 %, with 100 concurrent users. Prints a table; exits 1
 * when missed. `npm run bench:reads [-- seconds per endpoint]`
 */
import { call, json, people, percentile, rssOf, startTarget, type Person } from './support.ts'

const USERS = 100
const SECONDS = Number(process.argv[2] ?? 3)
const LIMIT_MS = 250
const SUCCESS = 0.999

const target = await startTarget()
try {
  const { user, friend, chat, gateway } = target.urls
  const idle = rssOf(target.pid)
  const users = await people(target, USERS)
  const roomOf = new Map<Person, number>()
  for (const [index, person] of users.entries()) {
    const other = users[(index + 1) % USERS]!
    await call('POST', `${friend}/friends/request`, person.token, { target_user_id: other.id })
    await call('POST', `${friend}/friends/request`, other.token, { target_user_id: person.id })
    const { id } = await json('POST', `${chat}/chat-rooms`, person.token, { type: 'direct', user_id: other.id })
    roomOf.set(person, Number(id))
    for (let n = 0; n < 60; n++)
      await call('POST', `${chat}/messages/${Number(id)}`, person.token, {
        content: `${n}번째 메시지입니다. 안녕하세요 hello`,
      })
  }
  const group = await json('POST', `${chat}/chat-rooms`, users[0]!.token, {
    type: 'group',
    name: '모두',
    member_ids: users.slice(1).map((person) => person.id),
  })
  const all = users.map((person) => person.id).join(',')

  const endpoints: [string, (person: Person) => string][] = [
    ['GET /profile/me', () => `${user}/profile/me`],
    ['GET /users?user_ids= (100)', () => `${user}/users?user_ids=${all}`],
    ['GET /users/search', () => `${user}/users/search?q=bench`],
    ['GET /users/me/activities', () => `${user}/users/me/activities`],
    ['GET /auth/sessions', () => `${user}/auth/sessions`],
    ['GET /presence', (p) => `${user}/presence?user_ids=${p.id}`],
    ['GET /friends', () => `${friend}/friends`],
    ['GET /friends/requests', () => `${friend}/friends/requests`],
    ['GET /friends/suggestions', () => `${friend}/friends/suggestions`],
    ['GET /chat-rooms', () => `${chat}/chat-rooms`],
    ['GET /chat-rooms/{id} (100 members)', () => `${chat}/chat-rooms/${Number(group['id'])}`],
    ['GET /chat-rooms/{id}/members', () => `${chat}/chat-rooms/${Number(group['id'])}/members`],
    ['GET /messages/{room}', (p) => `${chat}/messages/${roomOf.get(p)}`],
    ['GET /messages/{room}/changes', (p) => `${chat}/messages/${roomOf.get(p)}/changes?since_rev=0`],
    ['GET /messages/search', () => `${chat}/messages/search?q=${encodeURIComponent('안녕')}`],
    ['GET /api/chat-rooms (gateway)', () => `${gateway}/api/chat-rooms`],
    ['GET /api/messages/{room} (gateway)', (p) => `${gateway}/api/messages/${roomOf.get(p)}`],
  ]
  console.log(`${USERS} users, closed loop, ${SECONDS} s an endpoint\n`)
  console.log('endpoint                              req/s     p50     p95     p99 ms   success')
  let missed = 0
  for (const [name, urlOf] of endpoints) {
    const samples: number[] = []
    let failures = 0
    // Connections are opened and code is compiled outside of the measurement.
    await Promise.all(users.flatMap((person) => [1, 2, 3].map(() => call('GET', urlOf(person), person.token))))
    const until = performance.now() + SECONDS * 1_000
    await Promise.all(
      users.map(async (person) => {
        while (performance.now() < until) {
          const { status, ms } = await call('GET', urlOf(person), person.token)
          if (status === 200) samples.push(ms)
          else failures++
        }
      }),
    )
    const success = samples.length / (samples.length + failures)
    const p95 = percentile(samples, 0.95)
    const ok = p95 <= LIMIT_MS && success >= SUCCESS
    if (!ok) missed++
    const cells = [samples.length / SECONDS, percentile(samples, 0.5), p95, percentile(samples, 0.99)].map((v) =>
      v.toFixed(v > 99 ? 0 : 1).padStart(8),
    )
    console.log(`${name.padEnd(36)}${cells.join('')}   ${(success * 100).toFixed(2)} %${ok ? '' : '   MISSED'}`)
  }
  console.log(`\nmemory: ${idle.toFixed(0)} MiB idle after start, ${rssOf(target.pid).toFixed(0)} MiB after the run`)
  console.log(
    missed === 0
      ? `every endpoint: p95 <= ${LIMIT_MS} ms, success >= 99.9 %`
      : `${missed} endpoints missed the objective`,
  )
  process.exitCode = missed === 0 ? 0 : 1
} finally {
  await target.stop()
}
