import { Agent } from 'node:http'

/** Failures in a row after which an instance gets no more requests. */
const FAILURES = 3
/** An instance that was left out is asked again after this time, doubled with each try that fails. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 8_000

export type Instance = {
  readonly url: URL
  readonly agent: Agent
  /** Requests and streams that are open. */
  inFlight: number
  failures: number
  /** Left out until then; ms. */
  outUntil: number
}

export type Instances = Readonly<{
  /** The one to ask next, without those that were tried; undefined when all are left out. */
  pick(tried: ReadonlySet<Instance>): Instance | undefined
  succeeded(instance: Instance): void
  failed(instance: Instance): void
  /** Seconds until one of them is asked again. */
  retryAfterS(): number
  all: readonly Instance[]
  close(): void
}>

/**
 * The processes of one service. Each request goes to the one with the fewest open, in turn among equals; who fails several times in a row
 * is left out, and tried again with one request at a time.
 */
export function createInstances(urls: readonly URL[], now: () => number = Date.now): Instances {
  const all: Instance[] = urls.map((url) => ({
    url,
    agent: new Agent({ keepAlive: true, maxSockets: Infinity, scheduling: 'fifo' }),
    inFlight: 0,
    failures: 0,
    outUntil: 0,
  }))
  let turn = 0

  return {
    all,
    pick(tried) {
      turn = (turn + 1) % all.length
      let best: Instance | undefined
      for (let i = 0; i < all.length; i++) {
        const one = all[(turn + i) % all.length]!
        if (tried.has(one) || one.outUntil > now()) continue
        if (!best || one.inFlight < best.inFlight) best = one
      }
      // On trial: the next one is asked only when this one has answered.
      if (best && best.failures >= FAILURES) best.outUntil = now() + pauseOf(best)
      return best
    },
    succeeded(instance) {
      instance.failures = 0
      instance.outUntil = 0
    },
    failed(instance) {
      instance.failures++
      if (instance.failures >= FAILURES) instance.outUntil = now() + pauseOf(instance)
    },
    retryAfterS: () => Math.max(1, Math.ceil((Math.min(...all.map(({ outUntil }) => outUntil)) - now()) / 1_000)),
    close: () => all.forEach(({ agent }) => agent.destroy()),
  }
}

const pauseOf = ({ failures }: Instance): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** (failures - FAILURES), LONGEST_PAUSE_MS)
