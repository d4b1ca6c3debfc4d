import type { Context } from './context.ts'
import type { LogDocument, Shape } from './document.ts'
import { publish } from './publisher.ts'
import { untilKnown } from './until-known.ts'

/** What an owner has decided: a document that is in the log, if there was anything to write, and who waits for its effect. */
export type Decided<T extends Shape> = Readonly<{ document: LogDocument<T> | undefined; settle: () => void }>

/**
 * Behind the log, in its order: projections, then frames and answers. Whoever is told can read it. The owner writes the next
 * document meanwhile.
 */
export class Projector<T extends Shape> {
  readonly #context: Context<T>
  readonly #p: number
  #waiting: Decided<T>[] = []
  #running: Promise<void> | undefined
  #unapplied = 0
  #room: (() => void) | undefined

  constructor(context: Context<T>, p: number) {
    this.#context = context
    this.#p = p
  }

  /** Documents that are in the log, but not told yet. */
  get unapplied(): number {
    return this.#unapplied
  }

  push(decided: Decided<T>): void {
    // Nothing before it: what it rests on can be read.
    if (!decided.document && !this.#running) return decided.settle()
    if (decided.document) this.#unapplied++
    this.#waiting.push(decided)
    this.#running ??= this.#run()
  }

  /** Resolves when there are not too many documents ahead of the projections. */
  async room(): Promise<void> {
    const { maxUnapplied } = this.#context.settings
    while (this.#unapplied > maxUnapplied) await new Promise<void>((resolve) => (this.#room = resolve))
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    const { ports, settings } = this.#context
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      const documents = batch.flatMap(({ document }) => document ?? [])
      if (documents.length > 0)
        await untilKnown(
          ports.runtime,
          settings.retryMs,
          () => ports.projections.apply(this.#p, documents),
          () => true,
          (error) => ports.onTrouble?.(`applying documents of partition ${this.#p}`, error),
        )
      this.#unapplied -= documents.length
      for (const { document, settle } of batch) {
        if (document) publish(this.#context, document)
        settle()
      }
      this.#room?.()
    }
    this.#running = undefined
  }
}
