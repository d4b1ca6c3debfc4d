import type { Network, Outcome, Shape } from '@bigtech/partition-log'
import { createHttpClient, createPolicy, type HttpClient } from '@bigtech/resilience'

/** As many of the longest messages are a few MiB, which the receiver takes. */
const AT_ONCE = 100
const TIMEOUT_MS = 3_000

/**
 * From process to process over their internal ports. Nothing is repeated here: who asks does, and knows by then whom to ask.
 * @param options.addressOf undefined for a process that nobody knows
 * @param options.headers say who asks
 */
export function createPartitionNetwork<T extends Shape>(options: {
  addressOf: (node: string) => Promise<string | undefined>
  headers: () => Readonly<Record<string, string>>
}): Network<T> {
  const clients = new Map<string, HttpClient>()
  const clientOf = (baseUrl: string): HttpClient => {
    const client = clients.get(baseUrl) ?? createHttpClient({ baseUrl, policy: policy(), headers: options.headers })
    clients.set(baseUrl, client)
    return client
  }
  return {
    async request(node, p, term, commands) {
      const address = await options.addressOf(node)
      if (address === undefined) throw new Error(`nobody knows where ${node} is`)
      const client = clientOf(address)
      const all: Outcome<T>[] = []
      // One after the other: they must arrive in their order.
      for (let from = 0; from < commands.length; from += AT_ONCE) {
        const some = { term, commands: commands.slice(from, from + AT_ONCE) }
        const { outcomes } = await client.post<{ outcomes: Outcome<T>[] }>(`/internal/partitions/${p}/commands`, some)
        all.push(...outcomes)
      }
      return all
    },
  }
}

/** A process that is gone is looked for elsewhere within a second. */
const policy = () =>
  createPolicy({
    timeoutMs: TIMEOUT_MS,
    retries: 0,
    breaker: { consecutive: 5, halfOpenAfterMs: 500 },
    bulkhead: { concurrent: 500, queued: 5_000 },
  })
