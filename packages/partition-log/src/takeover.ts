import { appendUntilKnown } from './append.ts'
import type { Context } from './context.ts'
import type { LogDocument, Position, Shape } from './document.ts'
import type { LeaseHold } from './lease-hold.ts'
import { publish } from './publisher.ts'
import { untilKnown } from './until-known.ts'

export class Superseded extends Error {
  constructor() {
    super('the partition has a later owner')
  }
}

const DOCUMENTS_AT_ONCE = 100

/**
 * What a new owner does before it serves: applies and tells what its predecessor did not, and writes a document of its own.
 * @returns the place of that document, which is applied
 * @throws Superseded
 */
export async function takeOver<T extends Shape>(
  context: Context<T>,
  p: number,
  hold: LeaseHold,
  goesOn: () => boolean,
): Promise<Position> {
  const { ports, settings, rules } = context
  const { log, projections, runtime } = ports
  const asked = <Answer>(ask: () => Promise<Answer>) =>
    untilKnown(runtime, settings.retryMs, ask, goesOn, (error) =>
      ports.onTrouble?.(`taking over partition ${p}`, error),
    )
  let place = (await asked(() => projections.positions()))[p]!

  const take = async (documents: readonly LogDocument<T>[]) => {
    for (const { term } of documents) if (rules.isSuperseded(hold.lease.term, term)) throw new Superseded()
    const fresh = documents.filter(({ n }) => n > place.n)
    if (fresh.length === 0) return
    await asked(() => projections.apply(p, fresh))
    for (const document of fresh) publish(context, document)
    const last = fresh.at(-1)!
    place = { n: last.n, at: last.at }
  }

  let from = rules.takeOverFrom(place.n)
  for (let isTaken = false; ; isTaken = true) {
    const before = place.n
    for (;;) {
      const documents = await asked(() => log.read(p, from, DOCUMENTS_AT_ONCE))
      if (documents.length === 0) break
      await take(documents)
      from = place.n + 1
    }
    // What has the next place has long been emptied: others have gone on without this process for so long.
    if (isTaken && place.n === before) throw new Superseded()
    if (!rules.beginsWithDocument) return place
    if (!goesOn()) throw new Superseded()
    const own = {
      p,
      n: place.n + 1,
      term: hold.lease.term,
      at: rules.nextAt(runtime.now() * 1_000, place.at, hold.promised),
      by: `${context.node}/${runtime.random()}`,
      entries: [],
    }
    if (await appendUntilKnown(context, own)) {
      await take([own])
      return place
    }
    from = place.n + 1
  }
}
