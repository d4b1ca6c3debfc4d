import { AsyncLocalStorage } from 'node:async_hooks'
import type { Recorder, Who } from '../../history/recorder.ts'
import { outcomeOf } from '../client.ts'

/** What became of the tries the SDK made for one call: whether one had no answer, or one that did not know. */
export type Tries = { lost: boolean }

const current = new AsyncLocalStorage<Tries>()

/** Runs a call of the SDK and tells what became of its tries. */
export const withTries = <T>(tries: Tries, run: () => Promise<T>): Promise<T> => current.run(tries, run)

async function isUnknown(response: Response): Promise<boolean> {
  const { code } = (await response.json()) as { code?: string }
  return outcomeOf({ status: response.status, code: code ?? null }) === 'unknown'
}

/** A `fetch` for the SDK that records what reading calls answer. Streams pass untouched. */
export function recordingFetch(recorder: Recorder, who: () => Who | undefined): typeof fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input)
    const path = pathname.replace(/^\/api/, '') + search
    const person = who()
    const reads = (init.method ?? 'GET') === 'GET' && pathname !== '/api/stream' && person !== undefined
    const asked = reads ? recorder.asked(person, path) : undefined
    try {
      const response = await fetch(input, init)
      const tries = current.getStore()
      if (tries && response.status === 503) tries.lost ||= await isUnknown(response.clone())
      if (!asked) return response
      const text = await response.text()
      recorder.answered(asked, response.status, text === '' ? undefined : JSON.parse(text))
      return new Response(text === '' ? null : text, { status: response.status, headers: response.headers })
    } catch (error) {
      const tries = current.getStore()
      if (tries) tries.lost = true
      throw error
    }
  }
}
