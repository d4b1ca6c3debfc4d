import type { Context } from './context.ts'
import type { LogDocument, Shape } from './document.ts'
import { untilKnown } from './until-known.ts'

/**
 * Writes the document at its place, however often its outcome is unknown: the same document, so that a try that comes late finds itself.
 * @returns undefined when it is there, or the document that has its place: then ours is nowhere and never will be
 */
export async function appendUntilKnown<T extends Shape>(
  { ports: { log, runtime }, settings: { retryMs }, rules }: Context<T>,
  document: LogDocument<T>,
): Promise<LogDocument<T> | undefined> {
  const { p, n, by } = document
  const appended = await untilKnown(runtime, retryMs, () => log.append(document))
  if (appended === 'appended') return undefined
  const found = await untilKnown(runtime, retryMs, async () => {
    const [there] = await log.read(p, n, 1)
    if (there?.n !== n) throw new Error(`partition ${p} has no document ${n}, where one was in the way`)
    return there
  })
  return rules.isOwn(by, found.by) ? undefined : found
}
