export type ScrapeRead<T> = (this: void) => Promise<T | undefined>

/** An answer serves all gauges of one scrape, and those of the second scraper. */
const FRESH_MS = 1_000
/** A scrape has ten seconds in all, and an engine that hangs must not take the other figures with it. */
const PATIENCE_MS = 1_000

/**
 * For gauges that ask a database or a broker: one question at a time, answered to all that want it within `FRESH_MS`.
 * @returns undefined when it failed or took too long. Then the gauge has no value, which is no old one: `absent()` can be asked for
 */
export function readAtScrape<T>(
  read: () => Promise<T>,
  { freshMs = FRESH_MS, patienceMs = PATIENCE_MS }: { freshMs?: number; patienceMs?: number } = {},
): ScrapeRead<T> {
  let asked: { at: number; answer: Promise<T | undefined> } | undefined
  let isOpen = false
  return () => {
    const now = performance.now()
    if (asked && (isOpen || now - asked.at < freshMs)) return within(patienceMs, asked.answer)
    isOpen = true
    const answer = read()
      .catch(() => undefined)
      .finally(() => (isOpen = false))
    asked = { at: now, answer }
    return within(patienceMs, answer)
  }
}

async function within<T>(ms: number, answer: Promise<T | undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
