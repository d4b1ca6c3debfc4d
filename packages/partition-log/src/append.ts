import type { Context } from './context.ts'
import type { LogDocument, Shape } from './document.ts'
import { untilKnown } from './until-known.ts'

/**
 * Writes the document at its place, however often its outcome is unknown: the same document, so that a try that comes late finds itself.
 * @returns whether it is there. When another has its place, ours is nowhere and never will be.
 */
export async function appendUntilKnown<T extends Shape>(
  { ports: { log, runtime }, settings: { retryMs }, rules }: Context<T>,
  document: LogDocument<T>,
): Promise<boolean> {
  const { p, n, by } = document
  const appended = await untilKnown(runtime, retryMs, () => log.append(document))
  if (appended === 'appended') return true
  const writer = await untilKnown(runtime, retryMs, async () => {
    const found = await log.writerOf(p, n)
    if (found === undefined) throw new Error(`partition ${p} has no document ${n}, where one was in the way`)
    return found
  })
  return rules.isOwn(by, writer)
}
