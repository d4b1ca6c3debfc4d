import type { FastifyReply } from 'fastify'

/** Aborted when who asked is gone before the answer. */
export function endOf({ raw }: FastifyReply): AbortSignal {
  const ended = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) ended.abort()
  })
  return ended.signal
}
