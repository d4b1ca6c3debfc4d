import { EventSource } from 'eventsource'
import type { Line, LineEvents } from './line.ts'
import type { WireFrame } from './model.ts'

/**
 * `GET /stream` with the stock library. It connects again by itself, with the id of the last event it was given, and gives up only
 * when it is refused.
 * @param options.bearer asked for at each of its tries
 */
export function openSseLine(
  options: { url: string; bearer: () => Promise<string>; token: string | undefined },
  on: LineEvents,
): Line {
  const query =
    options.token === undefined ? '' : `?${new URLSearchParams({ last_event_id: options.token }).toString()}`
  const source = new EventSource(`${options.url}/stream${query}`, {
    // A browser would ask for a ticket; this library can set the header.
    fetch: async (input, init) => {
      const authorization = `Bearer ${await options.bearer()}`
      return fetch(input, { ...init, headers: { ...init.headers, authorization } })
    },
  })
  let over = false
  const end = (event: Parameters<LineEvents['ended']>[0]) => {
    if (over) return
    over = true
    source.close()
    on.ended(event)
  }
  source.addEventListener('message', ({ data }: { data: string }) => {
    if (over) return
    const frame = JSON.parse(data) as WireFrame
    const code = frame['code']
    if (frame.type === 'goodbye' && typeof code === 'number' && code >= 4500)
      return end({ code, status: undefined, reason: String(frame['reason']) })
    on.frame(frame)
  })
  source.addEventListener('error', (error: { code?: number | undefined; message?: string | undefined }) => {
    if (source.readyState === source.CLOSED)
      end({ code: undefined, status: error.code, reason: error.message ?? 'refused' })
  })
  return {
    send: () => false,
    drop() {
      over = true
      source.close()
    },
    hurry: () => {},
  }
}
