import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { replay } from '../domain/user.ts'
import { advance } from '../features/close-account/advance-closure.ts'
import { bearer, PASSWORD, startService, type TestService } from '../user-service.fixture.ts'

type Command =
  | { type: 'patch'; body: Record<string, unknown> }
  | { type: 'login' }
  | { type: 'logout' }
  | { type: 'password' }
  | { type: 'requestClosure' }
  | { type: 'status'; status: 'active' | 'inactive' }
  | { type: 'role'; role: 'user' | 'admin' }
  | { type: 'answer'; service: 'friend-service' | 'chat-service'; agree: boolean }

const text = fc.constantFrom('하나', '둘 둘', 'a%b', '😀 emoji')
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant('patch' as const),
    body: fc.record(
      {
        display_name: fc.option(text),
        status_message: fc.option(text),
        age: fc.option(fc.integer({ min: 0, max: 150 })),
        phone: fc.option(fc.constantFrom('010-1', '+82 10')),
        username: fc.constantFrom('alice', 'alice-2', '앨리스씨'),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    type: fc.constantFrom('login' as const, 'logout' as const, 'password' as const, 'requestClosure' as const),
  }),
  fc.record({ type: fc.constant('status' as const), status: fc.constantFrom('active' as const, 'inactive' as const) }),
  fc.record({ type: fc.constant('role' as const), role: fc.constantFrom('user' as const, 'admin' as const) }),
  fc.record({
    type: fc.constant('answer' as const),
    service: fc.constantFrom('friend-service' as const, 'chat-service' as const),
    agree: fc.boolean(),
  }),
)

/** Drives the whole service; whatever is refused is part of the game. */
function driver(service: TestService, id: number, email: string, root: { token: string }) {
  const { app, db, clock, blobs } = service
  let token = ''
  let saga_id = ''
  const call = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload: object, by = token) =>
    app.inject({ method, url, payload, headers: bearer({ token: by }) })
  return async (step: Command): Promise<void> => {
    clock.advance(61_000)
    if (step.type === 'login') {
      const answer = await call('POST', '/auth/login/json', { email, password: PASSWORD })
      if (answer.statusCode === 200) token = answer.json<{ access_token: string }>().access_token
    } else if (step.type === 'patch') await call('PATCH', '/profile/me', step.body)
    else if (step.type === 'logout') await call('POST', '/auth/logout', {})
    else if (step.type === 'password')
      await call('POST', '/auth/password', { current_password: PASSWORD, new_password: PASSWORD })
    else if (step.type === 'status') await call('PATCH', `/users/${id}/status`, { status: step.status }, root.token)
    else if (step.type === 'role') await call('PATCH', `/users/${id}/role`, { role: step.role }, root.token)
    else if (step.type === 'requestClosure') {
      const answer = await call('DELETE', '/users/me', { password: PASSWORD })
      if (answer.statusCode === 202) saga_id = answer.json<{ saga_id: string }>().saga_id
    } else {
      const input = step.agree
        ? ({ type: 'prepared', service: step.service } as const)
        : ({ type: 'rejected', service: step.service, reason: 'no' } as const)
      const { nullLogger } = await import('@bigtech/telemetry')
      const profiles = { get: async () => [], forget: async () => {} }
      const ports = { store: db.store, clock, blobs, profiles, logger: nullLogger, imageUrl: () => null }
      await advance(ports, saga_id, input)
    }
  }
}

it('whatever is done to an account, replaying its stream gives its row', async (t) => {
  const service = await startService(t, { attemptLimit: 1_000_000, started: false })
  const root = await service.admin('root')
  let number = 0
  const reached = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const username = `u-${number++}`
      const { id, email } = await service.account(username)
      const run = driver(service, id, email, root)
      await run({ type: 'login' })
      for (const step of commands) await run(step)
      const stream = await service.db.store.users.stream(id)
      const { user, version } = (await service.db.store.users.load(id))!
      assert.deepEqual(replay(id, stream), user)
      assert.equal(stream.length, version)
      for (const { event } of stream) reached.add(event.type)
    }),
    { numRuns: 40 },
  )
  assert.ok(reached.size >= 8, `the property saw too little: ${[...reached].join()}`)
})
