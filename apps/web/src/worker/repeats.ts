/** Tags that are remembered; the oldest go first. */
const MOST = 200

/** What is used of a `Cache`, which not every compiler here knows. */
type Kept<Key> = {
  match(address: string): Promise<Response | undefined>
  put(address: string, response: Response): Promise<void>
  delete(address: string | Key): Promise<boolean>
  keys(): Promise<readonly Key[]>
}

const addressOf = (tag: string): string => `/told/${encodeURIComponent(tag)}`

/**
 * A server that sent something and died before it had written that down sends it once more, word for word: with the same tag and time. Nobody
 * hears it a second time, also when it was put away since. Kept where the worker finds it again after the browser has ended it in between.
 */
export function createRepeats<Key>(open: () => Promise<Kept<Key>>) {
  return {
    /** @param payload `at`: ms since the epoch; 0 of a server that does not say it */
    async isTold({ tag, at }: { tag: string; at: number }): Promise<boolean> {
      if (at === 0) return false
      try {
        const kept = await (await open()).match(addressOf(tag))
        return (await kept?.text()) === `${at}`
      } catch {
        // Where nothing can be kept, better twice than not at all.
        return false
      }
    },
    /** When it has been shown: what comes in between is shown rather than lost. */
    async keep({ tag, at }: { tag: string; at: number }): Promise<void> {
      try {
        const told = await open()
        await told.delete(addressOf(tag))
        await told.put(addressOf(tag), new Response(`${at}`))
        const keys = await told.keys()
        for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await told.delete(key)
      } catch {
        // As above.
      }
    },
  }
}
