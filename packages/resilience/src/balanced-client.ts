import { AppError } from '@bigtech/kernel'
import { createHttpClient, type HttpClient } from './http-client.ts'
import { createPolicy, type Policy } from './policy.ts'

/** Of one instance: another one is asked instead of asking it again. */
const policyOfOne = (): Policy =>
  createPolicy({ timeoutMs: 2_000, retries: 0, breaker: { consecutive: 3, halfOpenAfterMs: 2_000 } })

/**
 * One service as several processes: each call goes to the next of them, a call that may be repeated to another one when an instance
 * does not answer. One that fails several times in a row is left out for a while.
 * @param addresses evaluated at each call: a process learns its own when it listens
 * @throws as createHttpClient: DEPENDENCY_UNAVAILABLE when none answers
 */
export function createBalancedClient(
  addresses: () => readonly string[],
  options: { headers?: () => Readonly<Record<string, string>>; policy?: () => Policy } = {},
): HttpClient {
  const { headers, policy = policyOfOne } = options
  const clients = new Map<string, HttpClient>()
  let turn = 0

  const clientOf = (baseUrl: string): HttpClient => {
    const client =
      clients.get(baseUrl) ?? createHttpClient({ baseUrl, policy: policy(), ...(headers ? { headers } : {}) })
    clients.set(baseUrl, client)
    return client
  }

  async function ask<T>(mayRepeat: boolean, call: (client: HttpClient) => Promise<T>): Promise<T> {
    const all = addresses()
    const first = turn++
    for (let n = 0; ; n++) {
      try {
        return await call(clientOf(all[(first + n) % all.length]!))
      } catch (error) {
        const unavailable = error instanceof AppError && error.kind === 'unavailable'
        // One instance more than there are: a process that is being replaced may be back.
        if (!unavailable || !mayRepeat || n >= all.length) throw error
      }
    }
  }

  return {
    get: (path, call) => ask(true, (client) => client.get(path, call)),
    post: (path, body, call) =>
      ask(call?.idempotent ?? call?.idempotencyKey !== undefined, (client) => client.post(path, body, call)),
  }
}
