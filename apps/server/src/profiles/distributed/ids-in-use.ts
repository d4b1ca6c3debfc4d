import type { HttpClient } from '@bigtech/resilience'
import type { Logger } from '@bigtech/telemetry'

const TRY_AGAIN_MS = 5_000

/** Tells user-service once, as soon as it can be told, which ids must not be given to anybody new. @returns what stops it */
export function tellIdsInUse(userService: HttpClient, highestId: () => Promise<number>, logger: Logger): () => void {
  let timer: NodeJS.Timeout | undefined
  const stopped = new AbortController()
  const tell = async () => {
    try {
      const { signal } = stopped
      const body = { highest_id: await highestId() }
      await userService.post('/internal/users/ids-in-use', body, { idempotent: true, signal })
    } catch (error) {
      if (stopped.signal.aborted) return
      logger.warn({ err: error }, 'user-service was not told which ids are in use; it is tried again')
      timer = setTimeout(() => void tell(), TRY_AGAIN_MS)
      timer.unref()
    }
  }
  void tell()
  return () => {
    stopped.abort()
    clearTimeout(timer)
  }
}
