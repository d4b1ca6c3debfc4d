import { createMetrics, nullLogger } from '@bigtech/telemetry'
import type { App } from './app.ts'
import { createHost } from './host.ts'
import type { ServiceModule } from './module.ts'
import type { Role, TokenVerifier } from './tokens.ts'

/** The tokens of the tests are ids of people. */
const idTokensOf = (role: Role = 'user'): TokenVerifier => ({
  verify: async (token) => ({ user_id: Number(token), session_id: `s${token}`, role, expires_at: Infinity }),
})
export const idTokens: TokenVerifier = idTokensOf()

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Answer<T> = { status: number; body: T }

export type TestHost = {
  app: App
  /** As a person. An empty answer is `{}`. */
  call: <T>(by: number, method: Method, url: string, body?: object) => Promise<Answer<T>>
  /** The module first: its streams say goodbye before the host closes. */
  close(): Promise<void>
}

/** A module that runs on a host of its own, as the server would run it. */
export async function startModule(module: ServiceModule, { role }: { role?: Role } = {}): Promise<TestHost> {
  const app = await createHost({
    service: module.service,
    logger: nullLogger,
    metrics: createMetrics(module.service.name),
    tokens: idTokensOf(role),
    readiness: {},
    ...(module.health ? { health: module.health } : {}),
    corsOrigins: [],
    trustProxy: false,
  })
  await module.routes(app)
  await module.start()
  return {
    app,
    async call(by, method, url, payload) {
      const headers = { authorization: `Bearer ${by}` }
      const answer = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
      return { status: answer.statusCode, body: (answer.body === '' ? {} : answer.json()) as never }
    },
    async close() {
      await module.close()
      await app.close()
    },
  }
}
