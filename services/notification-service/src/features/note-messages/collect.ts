/**
 * Writes together what comes within `ms`, sooner when it is `enough`: a few large writes cost a small part of many small ones.
 * @param write what it throws is told to all whose items it had
 * @returns adds items; resolves when they are written
 */
export function collect<T>(
  write: (items: readonly T[]) => Promise<void>,
  { ms, enough }: Readonly<{ ms: number; enough: number }>,
): (items: readonly T[]) => Promise<void> {
  type Batch = { items: T[]; end: PromiseWithResolvers<void>; timer: NodeJS.Timeout }
  let batch: Batch | undefined

  const flush = () => {
    const { items, end, timer } = batch!
    batch = undefined
    clearTimeout(timer)
    write(items).then(end.resolve, end.reject)
  }
  return (items) => {
    batch ??= { items: [], end: Promise.withResolvers<void>(), timer: setTimeout(flush, ms) }
    const { promise } = batch.end
    batch.items.push(...items)
    if (batch.items.length >= enough) flush()
    return promise
  }
}
