import type { PushPayload } from '@bigtech/client'

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

/** What is told, without `unread` and what else says nothing about it. */
type Told = Pick<PushPayload, 'tag' | 'at' | 'title' | 'body' | 'link'>

/** SHA-256 in hexadecimal of all that is told: nobody's words stay on a device after their notice. */
async function printOf({ at, title, body, link }: Told): Promise<string> {
  const words = new TextEncoder().encode(JSON.stringify([at, title, body, link]))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', words))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * A server that sent something and died before it had written that down sends it once more, word for word. Nobody hears it a second time, also when
 * it was put away since; what else has the same tag and time is something new: two messages of a room may be told in one millisecond. Kept where
 * the worker finds it again after the browser has ended it in between.
 */
export function createRepeats<Key>(open: () => Promise<Kept<Key>>) {
  return {
    /** @param payload `at`: ms since the epoch; 0 of a server that does not say it */
    async isTold(told: Told): Promise<boolean> {
      if (told.at === 0) return false
      try {
        const kept = await (await open()).match(addressOf(told.tag))
        return (await kept?.text()) === (await printOf(told))
      } catch {
        // Where nothing can be kept, better twice than not at all.
        return false
      }
    },
    /** When it has been shown: what comes in between is shown rather than lost. */
    async keep(told: Told): Promise<void> {
      try {
        const kept = await open()
        const address = addressOf(told.tag)
        await kept.delete(address)
        await kept.put(address, new Response(await printOf(told)))
        const keys = await kept.keys()
        for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await kept.delete(key)
      } catch {
        // As above.
      }
    },
  }
}
