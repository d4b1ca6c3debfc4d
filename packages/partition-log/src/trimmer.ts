import type { Context } from './context.ts'
import type { Shape } from './document.ts'

const DOCUMENTS_AT_ONCE = 50

/**
 * Empties what was written long ago. Places are never freed: whoever was suspended for however long, and comes back with an insert, finds its place
 * taken (docs/adr/0052). A failure is passed over; the next look does what is left.
 */
export class Trimmer<T extends Shape> {
  readonly #context: Context<T>
  readonly #p: number
  /** The first document that is not emptied; undefined until it was looked for. */
  #first: number | undefined
  #ticks = 0
  #isRunning = false

  constructor(context: Context<T>, p: number) {
    this.#context = context
    this.#p = p
  }

  /** @param applied the last document that is in the projections; `published`: on the bus, undefined while it is not known */
  tick(applied: number, published: number | undefined): void {
    const { keepMs, emptyTicks } = this.#context.settings
    if (keepMs === Infinity || published === undefined || this.#isRunning || ++this.#ticks % emptyTicks !== 0) return
    this.#isRunning = true
    this.#empty(this.#context.rules.mayEmptyTo(applied, published))
      .catch(() => undefined)
      .finally(() => (this.#isRunning = false))
  }

  async #empty(last: number): Promise<void> {
    const { ports, settings } = this.#context
    const { log, runtime } = ports
    let first = (this.#first ??= await this.#find(last))
    while (first <= last) {
      const documents = await log.read(this.#p, first, Math.min(DOCUMENTS_AT_ONCE, last - first + 1))
      const before = (runtime.now() - settings.keepMs) * 1_000
      const old = documents.filter(({ at }) => at < before)
      if (old.length === 0) return
      const upTo = old.at(-1)!.n
      if (upTo > (await this.#projected())) return
      await log.empty(this.#p, first, upTo)
      first = this.#first = upTo + 1
    }
  }

  /** Up to where the projections have everything: what are made anew are made of these documents. */
  async #projected(): Promise<number> {
    const { n, wholeFrom = 0 } = (await this.#context.ports.projections.positions())[this.#p]!
    return n < wholeFrom ? 0 : n
  }

  /** Those that were emptied come before all that were not. */
  async #find(last: number): Promise<number> {
    let least = 1
    let most = last + 1
    while (least < most) {
      const middle = Math.floor((least + most) / 2)
      const [there] = await this.#context.ports.log.read(this.#p, middle, 1)
      if (there) most = middle
      else least = middle + 1
    }
    return least
  }
}
