import { AppError } from '@bigtech/kernel'
import { createHttpClient, type HttpClient } from './http-client.ts'
import { createPolicy, type Policy } from './policy.ts'

/** Of one instance: another one is asked instead of asking it again. */
const policyOfOne = (): Policy =>
  createPolicy({ timeoutMs: 2_000, retries: 0, breaker: { consecutive: 3, halfOpenAfterMs: 2_000 } })

/**
 * One service as several processes: each call goes to the next of them, a call that may be repeated to another one when an instance
 * does not answer. One that fails several times in a row is left out for a while.
 * @param addresses evaluated at the first call: a process learns its own when it listens
 * @throws as createHttpClient: DEPENDENCY_UNAVAILABLE when none answers
 */
export function createBalancedClient(
  addresses: () => readonly string[],
  options: { headers?: () => Readonly<Record<string, string>>; policy?: () => Policy } = {},
): HttpClient {
  const { headers, policy = policyOfOne } = options
  let clients: readonly HttpClient[] | undefined
  let turn = 0

  const open = () =>
    addresses().map((baseUrl) => createHttpClient({ baseUrl, policy: policy(), ...(headers ? { headers } : {}) }))

  async function ask<T>(mayRepeat: boolean, call: (client: HttpClient) => Promise<T>): Promise<T> {
    clients ??= open()
    const first = turn++
    for (let n = 0; ; n++) {
      try {
        return await call(clients[(first + n) % clients.length]!)
      } catch (error) {
        const unavailable = error instanceof AppError && error.kind === 'unavailable'
        // One instance more than there are: a process that is being replaced may be back.
        if (!unavailable || !mayRepeat || n >= clients.length) throw error
      }
    }
  }

  return {
    get: (path, call) => ask(true, (client) => client.get(path, call)),
    post: (path, body, call) =>
      ask(call?.idempotent ?? call?.idempotencyKey !== undefined, (client) => client.post(path, body, call)),
  }
}
