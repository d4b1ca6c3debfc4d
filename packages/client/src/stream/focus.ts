import type { Http } from '../http/http.ts'
import type { SendCommand } from './commands.ts'

/** The server forgets it after 60 s. */
const REPEATED_MS = 40_000

export type Focus = {
  /** The room that is shown from now on, or none. */
  show(roomId: number | null): void
  /** The stream is open, and knows of nothing. @param command undefined: it takes none */
  opened(connectionId: string, command: SendCommand | undefined): void
  /** The stream is gone. */
  left(): void
}

/** Tells the server which room a stream shows, again and again while it does; again on the next stream. Best effort: nobody is told of failures. */
export function createFocus(http: Http): Focus {
  let shown: number | null = null
  let say: ((roomId: number | null) => Promise<unknown>) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const tell = () => {
    clearTimeout(timer)
    if (!say) return
    say(shown).catch(() => {})
    if (shown !== null) timer = setTimeout(tell, REPEATED_MS)
  }

  return {
    show(roomId) {
      if (roomId === shown) return
      shown = roomId
      tell()
    },
    opened(connection_id, command) {
      say = (room_id) =>
        command
          ? command({ type: 'focus', room_id })
          : http.json({ method: 'POST', path: '/stream/focus', json: { room_id, connection_id }, repeat: 'never' })
      if (shown !== null) tell()
    },
    left() {
      say = undefined
      clearTimeout(timer)
    },
  }
}
