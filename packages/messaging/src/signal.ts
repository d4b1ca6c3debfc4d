export type Urgency = 'normal' | 'urgent'

/**
 * A flag to wait for: raised before the wait, it is not lost; raised many times, it wakes once. A wait for `urgent` (a backoff)
 * is not cut short by a normal one.
 */
export function createSignal() {
  const raised = { normal: false, urgent: false }
  const waiters = new Set<() => void>()
  const isRaised = (urgency: Urgency) => raised.urgent || (urgency === 'normal' && raised.normal)

  return {
    raise(urgency: Urgency = 'normal'): void {
      raised[urgency] = true
      for (const check of waiters) check()
    },
    clear(urgency?: Urgency): void {
      if (urgency !== 'urgent') raised.normal = false
      raised.urgent = false
    },
    /** Resolves when raised, or after `ms`. */
    wait(ms: number, urgency: Urgency = 'normal'): Promise<void> {
      if (isRaised(urgency)) return Promise.resolve()
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiters.delete(check)
          resolve()
        }
        const check = () => isRaised(urgency) && done()
        const timer = setTimeout(done, ms)
        waiters.add(check)
      })
    },
  }
}
