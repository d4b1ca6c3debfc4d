import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpClient, createPolicy, HttpStatusError } from '@bigtech/resilience'

export type OwnAddressOptions = Readonly<{
  /** This process. */
  node: string
  /** Where it says that the others reach it. */
  address: string
  /** The others that are there, and how often each has said so. */
  others(): Promise<ReadonlyMap<string, number>>
  addressOf(node: string): Promise<string | undefined>
  /** Say who asks. */
  headers(): Readonly<Record<string, string>>
  /** ms: tries go on for so long, default 10,000; one that is there says so within `beatMs`, default 3,000 */
  withinMs?: number
  beatMs?: number
}>

const TRY_AGAIN_MS = 500

/**
 * Before it takes a part of the chats: whether the others would reach this process where it says that it is, and would be believed by each other. One that
 * nobody reaches would take partitions all the same, and every call for them would fail.
 * @throws an Error that says which setting is wrong
 */
export async function checkOwnAddress(options: OwnAddressOptions): Promise<void> {
  const until = performance.now() + (options.withinMs ?? 10_000)
  for (;;) {
    try {
      return await check(options)
    } catch (error) {
      if (performance.now() > until) throw error
    }
    await sleep(TRY_AGAIN_MS)
  }
}

async function check(options: OwnAddressOptions): Promise<void> {
  const { node, address, others, addressOf } = options
  const found = await processAt(address, options)
  if (found !== node) {
    const why = found instanceof Error ? reasonOf(found) : `${found} answers there`
    throw new Error(
      `NODE_ADDRESS: ${address} is to be the internal port of this process, reached by itself as by the others, and is not: ${why}`,
    )
  }
  const before = await others()
  const refusing: string[] = []
  for (const other of before.keys()) {
    const where = await addressOf(other)
    const answer = where === undefined ? undefined : await processAt(where, options)
    if (answer instanceof HttpStatusError && answer.status === 401) refusing.push(other)
  }
  if (refusing.length === 0) return
  // Those that ended without a word are in the list for a while, and somebody else may have their address.
  await sleep(options.beatMs ?? 3_000)
  const after = await others()
  const living = refusing.filter((other) => (after.get(other) ?? 0) > before.get(other)!)
  if (living.length > 0)
    throw new Error(`SERVICE_SECRET: ${living.join(', ')} refuses this process, so one of them has another secret`)
}

/** @returns the name of who answers, or why nobody does */
async function processAt(address: string, { headers }: OwnAddressOptions): Promise<string | Error> {
  const client = createHttpClient({ baseUrl: address, policy: createPolicy({ timeoutMs: 2_000, retries: 0 }), headers })
  try {
    return (await client.get<{ node: string }>('/internal/partitions/process')).node
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function reasonOf(error: Error): string {
  if (error instanceof HttpStatusError) return `it answers ${error.status}`
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}
