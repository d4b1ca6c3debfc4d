/**
 * What is to be written one by one is written together: all that came while the last write went on. So a slow disk makes larger batches, not a queue.
 * @returns resolves when its item is written
 */
export function writeTogether<T>(write: (all: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let next: { items: T[]; written: Promise<void> } | undefined
  let last: Promise<void> = Promise.resolve()
  return (item) => {
    if (!next) {
      const items: T[] = []
      const written = last.then(() => {
        next = undefined
        return write(items)
      })
      // A failure is told to those it concerns.
      last = written.catch(() => {})
      next = { items, written }
    }
    next.items.push(item)
    return next.written
  }
}
