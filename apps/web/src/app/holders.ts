/** Which tab keeps what: a tab holds its name as long as it lives, and the others learn when it goes, however it goes. */
export type Holders = {
  /** @returns whether the tab of this name is gone */
  isGone(holder: string): Promise<boolean>
  /** Calls `then` when it goes. More than one tab may be called. */
  whenGone(holder: string, then: () => void): void
}

/**
 * @param scope names of one scope know of each other
 * @param met called with every other tab of the scope that lives, or comes to life
 * @param over then this name is given back
 */
export function createHolders(scope: string, me: string, met: (holder: string) => void, over: AbortSignal): Holders {
  const channel = new BroadcastChannel(scope)
  const marks = navigator.locks ? webLocks(over) : leases(over, channel)
  const nameOf = (holder: string) => `${scope}:${holder}`
  marks.hold(nameOf(me))
  channel.addEventListener('message', ({ data }: MessageEvent<{ holder?: string; isNew?: boolean }>) => {
    if (data.holder === undefined) return
    if (data.isNew) channel.postMessage({ holder: me, isNew: false })
    met(data.holder)
  })
  channel.postMessage({ holder: me, isNew: true })
  over.addEventListener('abort', () => channel.close())
  return {
    isGone: (holder) => marks.isFree(nameOf(holder)),
    whenGone: (holder, then) => marks.whenFree(nameOf(holder), then),
  }
}

type Locks = {
  hold(name: string): void
  isFree(name: string): Promise<boolean>
  whenFree(name: string, then: () => void): void
}

function webLocks(over: AbortSignal): Locks {
  const { locks } = navigator
  // Waits that end with the page, or because it is over, are no fault.
  const ended = () => {}
  return {
    hold(name) {
      void locks.request(name, () => new Promise<void>((resolve) => over.addEventListener('abort', () => resolve())))
    },
    isFree: (name) => locks.request(name, { ifAvailable: true }, (lock) => lock !== null),
    whenFree: (name, then) => void locks.request(name, { signal: over }, then).catch(ended),
  }
}

const RENEWED_MS = 5_000
/** A page that is asked whether it lives, and does not say so, is gone. */
const ANSWER_MS = 2_000
/** Before the time of a mark: its page answers when it is asked. Pages of older versions do not, and are gone after so long, ms. */
const ANSWERS = 'answers:'
const SILENT_MS = 90_000

/**
 * For pages without TLS, which have no Web Locks: a mark in `localStorage`, taken away when the page goes. One that crashed, or was ended before
 * it could, has left its mark. So has one in the background, whose timers run once a minute: whose mark is not renewed is asked.
 */
function leases(over: AbortSignal, channel: BroadcastChannel): Locks {
  const held = new Set<string>()
  channel.addEventListener('message', ({ data }: MessageEvent<{ asked?: string }>) => {
    if (data.asked !== undefined && held.has(data.asked)) channel.postMessage({ lives: data.asked })
  })
  const lives = (name: string) =>
    new Promise<boolean>((resolve) => {
      // The channel is closed then, and nobody takes anything any more.
      if (over.aborted) return resolve(true)
      const end = (answer: boolean) => {
        clearTimeout(timer)
        channel.removeEventListener('message', listen)
        resolve(answer)
      }
      const listen = ({ data }: MessageEvent<{ lives?: string }>) => data.lives === name && end(true)
      const timer = setTimeout(() => end(over.aborted), ANSWER_MS)
      channel.addEventListener('message', listen)
      channel.postMessage({ asked: name })
    })
  const isFree = async (name: string) => {
    const mark = localStorage.getItem(name)
    if (mark === null) return true
    const sinceMs = Date.now() - Number(mark.replace(ANSWERS, ''))
    if (!mark.startsWith(ANSWERS)) return sinceMs > SILENT_MS
    return sinceMs > 2 * RENEWED_MS && !(await lives(name))
  }
  const every = (work: () => void) => {
    if (over.aborted) return () => {}
    const timer = setInterval(work, RENEWED_MS)
    const end = () => clearInterval(timer)
    over.addEventListener('abort', end)
    return end
  }
  return {
    hold(name) {
      const mark = () => localStorage.setItem(name, `${ANSWERS}${Date.now()}`)
      const unmark = () => localStorage.removeItem(name)
      held.add(name)
      mark()
      every(mark)
      addEventListener('pagehide', unmark, { signal: over })
      addEventListener('pageshow', mark, { signal: over })
      over.addEventListener('abort', unmark)
    },
    isFree,
    whenFree(name, then) {
      let isFound = false
      const end = every(
        () =>
          void isFree(name).then((free) => {
            if (!free || isFound) return
            isFound = true
            end()
            then()
          }),
      )
    },
  }
}
