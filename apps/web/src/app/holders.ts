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
  const marks = navigator.locks ? webLocks(over) : leases(over)
  const nameOf = (holder: string) => `${scope}:${holder}`
  marks.hold(nameOf(me))
  const channel = new BroadcastChannel(scope)
  channel.addEventListener('message', ({ data }: MessageEvent<{ holder: string; isNew: boolean }>) => {
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
/** Timers of a page in the background run once a minute at least. */
const LOST_MS = 90_000

/** For pages without TLS, which have no Web Locks: a mark in `localStorage`, taken away when the page goes, else outdated. */
function leases(over: AbortSignal): Locks {
  const isFree = (name: string) => Date.now() - Number(localStorage.getItem(name) ?? 0) > LOST_MS
  const every = (work: () => void) => {
    const timer = setInterval(work, RENEWED_MS)
    const end = () => clearInterval(timer)
    over.addEventListener('abort', end)
    return end
  }
  return {
    hold(name) {
      const mark = () => localStorage.setItem(name, String(Date.now()))
      const unmark = () => localStorage.removeItem(name)
      mark()
      every(mark)
      addEventListener('pagehide', unmark, { signal: over })
      addEventListener('pageshow', mark, { signal: over })
      over.addEventListener('abort', unmark)
    },
    isFree: async (name) => isFree(name),
    whenFree(name, then) {
      const end = every(() => {
        if (!isFree(name)) return
        end()
        then()
      })
    },
  }
}
