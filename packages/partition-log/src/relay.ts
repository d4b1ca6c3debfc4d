import type { Context } from './context.ts'
import { eventId, type LogDocument, type Shape } from './document.ts'
import { untilKnown } from './until-known.ts'

const DOCUMENTS_AT_ONCE = 50
/** Documents kept for the bus; what falls out of them is read from the log. */
const TAIL = 64

/**
 * The log is the outbox: its owner publishes each document behind a cursor, in order. After a takeover some are published again, with
 * the same ids; none is left out, because the cursor moves only when the bus has them.
 */
export class Relay<T extends Shape> {
  readonly #context: Context<T>
  readonly #p: number
  /** The latest documents, without holes. */
  readonly #tail: LogDocument<T>[] = []
  #upTo = 0
  #cursor: number | undefined
  #isStopped = false
  #wake: (() => void) | undefined

  constructor(context: Context<T>, p: number) {
    this.#context = context
    this.#p = p
  }

  /** Up to where everything is known to be published; undefined until it was read. */
  get cursor(): number | undefined {
    return this.#cursor
  }

  /** @param upTo documents that are in the projections */
  start(upTo: number): void {
    this.#upTo = upTo
    // Ends with `stop`; what it asks for is repeated until then.
    this.#run().catch(() => undefined)
  }

  push(document: LogDocument<T>): void {
    this.#upTo = document.n
    this.#tail.push(document)
    if (this.#tail.length > TAIL) this.#tail.shift()
    this.#wake?.()
  }

  stop(): void {
    this.#isStopped = true
    this.#wake?.()
  }

  async #run(): Promise<void> {
    const { bus, cursors, runtime, onTrouble } = this.#context.ports
    const { retryMs } = this.#context.settings
    const tell = (error: unknown) => onTrouble?.(`publishing partition ${this.#p}`, error)
    const asked = <Answer>(ask: () => Promise<Answer>) =>
      untilKnown(runtime, retryMs, ask, () => !this.#isStopped, tell)
    let cursor = (this.#cursor = await asked(() => cursors.read(this.#p)))
    while (!this.#isStopped) {
      if (cursor >= this.#upTo) {
        await new Promise<void>((resolve) => (this.#wake = resolve))
        continue
      }
      const documents = await asked(() => this.#after(cursor))
      const events = documents.flatMap(({ n, entries }) =>
        entries.map((entry, i) => ({ id: eventId(this.#p, n, i), entry })),
      )
      if (events.length > 0) await asked(() => bus.publish(this.#p, events))
      cursor = documents.at(-1)!.n
      await asked(() => cursors.advance(this.#p, cursor))
      this.#cursor = cursor
    }
  }

  async #after(cursor: number): Promise<readonly LogDocument<T>[]> {
    const first = this.#tail.findIndex(({ n }) => n === cursor + 1)
    if (first >= 0) return this.#tail.slice(first, first + DOCUMENTS_AT_ONCE)
    const documents = await this.#context.ports.log.read(this.#p, cursor + 1, DOCUMENTS_AT_ONCE)
    const those = documents.filter(({ n }) => n <= this.#upTo)
    if (those.length === 0) throw new Error(`partition ${this.#p} has no document ${cursor + 1}`)
    return those
  }
}
