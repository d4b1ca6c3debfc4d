import { Agent } from 'node:http'

/** Failures in a row after which an instance gets no more requests; a refused connection is enough: nobody listens there. */
const FAILURES = 3
/** How often an instance that is left out is asked whether it is back, ms. */
const PROBE_MS = 250
/** A service that has been away for longer, ms, is not waited for. */
const PATIENT_MS = 10_000
/** Waiting requests of one service; further ones are refused at once. */
const MOST_WAITING = 1_000

export type Instance = {
  readonly url: URL
  readonly agent: Agent
  /** Requests and streams that are open. */
  inFlight: number
  failures: number
  /** Left out until it answers a probe. */
  isOut: boolean
}

export type Instances = Readonly<{
  /** The one to ask next, without those that were tried; undefined when all others are left out. */
  pick(tried: ReadonlySet<Instance>): Instance | undefined
  succeeded(instance: Instance): void
  failed(instance: Instance, isRefused: boolean): void
  /**
   * Somebody has waited long for its answer: it is asked whether it is well, and left out when it is not, as long as another works (who is only
   * slow is better than nobody). @returns whether it hangs
   */
  doubt(instance: Instance): Promise<boolean>
  /** True as soon as one is back, if all are out; false when none is in time, when that is not to be hoped for, or when too many wait. */
  back(): Promise<boolean>
  all: readonly Instance[]
  close(): void
}>

/** Whether the instance answers, within a second. */
export type Probe = (instance: Instance) => Promise<boolean>

/**
 * The processes of one service. Each request goes to the one with the fewest open, in turn among equals. Who fails several times in a row is
 * left out until it answers a probe.
 * @param waitMs how long requests wait for a service of which no instance works: one that is replaced is back soon
 */
export function createInstances(urls: readonly URL[], probe: Probe, waitMs: number): Instances {
  const all: Instance[] = urls.map((url) => ({
    url,
    agent: new Agent({ keepAlive: true, maxSockets: Infinity, scheduling: 'fifo' }),
    inFlight: 0,
    failures: 0,
    isOut: false,
  }))
  const probes = new Set<NodeJS.Timeout>()
  const doubts = new Map<Instance, Promise<boolean>>()
  const waiting = new Set<(isBack: boolean) => void>()
  let turn = 0
  let allOutSince = Infinity

  const wake = (isBack: boolean) => {
    for (const resolve of waiting) resolve(isBack)
    waiting.clear()
  }
  const readmit = (instance: Instance) => {
    instance.failures = 0
    instance.isOut = false
    allOutSince = Infinity
    wake(true)
  }
  const watch = (instance: Instance) => {
    const timer = setTimeout(() => {
      probes.delete(timer)
      void probe(instance).then((answers) => {
        if (!instance.isOut) return
        if (answers) readmit(instance)
        else watch(instance)
      })
    }, PROBE_MS)
    timer.unref()
    probes.add(timer)
  }

  const leaveOut = (instance: Instance) => {
    instance.isOut = true
    if (all.every(({ isOut }) => isOut)) allOutSince = Math.min(allOutSince, performance.now())
    watch(instance)
  }
  const ask = async (instance: Instance): Promise<boolean> => {
    const answers = await probe(instance)
    doubts.delete(instance)
    if (answers || instance.isOut) return !answers
    const isOnlyOne = all.every((other) => other === instance || other.isOut)
    if (!isOnlyOne) leaveOut(instance)
    return !isOnlyOne
  }

  return {
    all,
    pick(tried) {
      turn = (turn + 1) % all.length
      let best: Instance | undefined
      for (let i = 0; i < all.length; i++) {
        const one = all[(turn + i) % all.length]!
        if (tried.has(one) || one.isOut) continue
        if (!best || one.inFlight < best.inFlight) best = one
      }
      return best
    },
    succeeded(instance) {
      if (instance.isOut) readmit(instance)
      instance.failures = 0
    },
    failed(instance, isRefused) {
      instance.failures++
      if ((instance.failures < FAILURES && !isRefused) || instance.isOut) return
      leaveOut(instance)
    },
    doubt(instance) {
      if (instance.isOut) return Promise.resolve(true)
      let asked = doubts.get(instance)
      if (!asked) doubts.set(instance, (asked = ask(instance)))
      return asked
    },
    back() {
      if (allOutSince === Infinity || waiting.size >= MOST_WAITING || performance.now() - allOutSince > PATIENT_MS)
        return Promise.resolve(false)
      return new Promise((resolve) => {
        const give = (isBack: boolean) => {
          clearTimeout(timer)
          waiting.delete(give)
          resolve(isBack)
        }
        const timer = setTimeout(() => give(false), waitMs)
        waiting.add(give)
      })
    },
    close() {
      for (const timer of probes) clearTimeout(timer)
      for (const { agent } of all) agent.destroy()
      for (const instance of all) instance.isOut = false
      wake(false)
    },
  }
}
