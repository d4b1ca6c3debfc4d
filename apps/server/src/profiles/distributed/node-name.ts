import { newId } from '@bigtech/kernel'
import type { RedisLink } from '@bigtech/redis'

const EVERY_MS = 5_000
/** Longer than a killed process takes to be missed here: whoever is started in its place is not told of it. */
const LIFE_S = 30

/**
 * Two processes with one NODE_ID take each other's leases for their own, so that what is to run once may run twice. Each writes its start beside the
 * name; who finds another's there a second time is not alone, and says so for as long as that lasts. A process that was started in the place of
 * another finds the other's once.
 */
export function watchNodeName(
  { client, prefix }: Pick<RedisLink, 'client' | 'prefix'>,
  name: string,
  logger: Readonly<{ error(fields: object, message: string): void }>,
  everyMs = EVERY_MS,
): Readonly<{ close(): Promise<void> }> {
  const start = newId()
  const key = `${prefix}node:${name}`
  let isFirst = true

  const write = async () => {
    try {
      const before = await client.set(key, start, 'EX', LIFE_S, 'GET')
      if (!isFirst && before !== null && before !== start)
        logger.error(
          { node: name },
          'another process runs with this NODE_ID: events may be published twice or out of order; give each its own',
        )
      isFirst = false
    } catch {
      // Redis is away, which others say: it is asked again.
    }
  }
  void write()
  const timer = setInterval(() => void write(), everyMs)
  timer.unref()
  return {
    async close() {
      clearInterval(timer)
      await client.del(key).catch(() => {})
    },
  }
}
