import { ownerOf } from '../../domain/push-host.ts'

/** Under way to all push services together: so many sockets at most. */
const MOST = 128
/** Of these to one, and to all that one owner has: one that is slow has its share, and no more. */
const MOST_OF_ONE = 32
/** Of these to all that are not of browsers, together: whoever owns many names, or many domains, leaves half to them. */
const MOST_OF_OTHERS = 64
/** One that is not taken because its owner, or the others, have no room is looked at again so much later. */
const NO_ROOM_MS = 10_000
/** Taken from the queue at a time. A push service with less room than this is passed over. */
export const TAKEN_AT_ONCE = 16
/** After so many failures one after the other a push service is left alone for a while. */
const FAILURES = 5
const FIRST_PAUSE_MS = 2_000
/** Also how long a service that is back waits for its backlog at most. */
export const LONGEST_PAUSE_MS = 120_000
/** Push services that are left out where deliveries are looked for. */
const MOST_EXCEPTED = 500
/** One that nothing was sent to for so long is known no more. */
const KNOWN_MS = 3_600_000

/** What is known here of a push service. `until`: it is told nothing before; ms since the epoch. */
type Service = { underWay: number; failures: number; until: number }

/**
 * How much each push service is given: one that fails is left alone for a time that doubles, then tried with a single message, and given its share
 * again when it takes it. What one does is nothing to the others.
 */
export function createPushServices() {
  const services = new Map<string, Service>()
  /** How many are under way to each owner. */
  const owners = new Map<string, number>()
  let underWay = 0
  let toOthers = 0

  /** @param more so many are to be taken */
  function hasRoom(host: string, more: number): boolean {
    const { name, isOfBrowsers } = ownerOf(host)
    if ((owners.get(name) ?? 0) + more > MOST_OF_ONE) return false
    return isOfBrowsers || toOthers + more <= MOST_OF_OTHERS
  }
  function count(host: string, change: 1 | -1): void {
    const { name, isOfBrowsers } = ownerOf(host)
    const left = (owners.get(name) ?? 0) + change
    if (left > 0) owners.set(name, left)
    else owners.delete(name)
    if (!isOfBrowsers) toOthers += change
    underWay += change
  }

  const isTried = ({ failures }: Service) => failures >= FAILURES
  const isPaused = (service: Service, now: number) => isTried(service) && service.until > now
  const most = (service: Service) => (isTried(service) ? 1 : MOST_OF_ONE)
  /** So many are taken for it at once. */
  const taken = (service: Service) => (isTried(service) ? 1 : TAKEN_AT_ONCE)
  const isFull = (host: string, service: Service) =>
    service.underWay + taken(service) > most(service) || !hasRoom(host, taken(service))

  return {
    isFull: () => underWay + TAKEN_AT_ONCE > MOST,
    /** Those that are told nothing now. */
    closed: (now: number): string[] =>
      [...services]
        .filter(([host, service]) => isPaused(service, now) || isFull(host, service))
        .map(([host]) => host)
        // What those beyond it have is taken and put back.
        .slice(0, MOST_EXCEPTED),
    /** When one that was not given what it could have is looked at again. Undefined: as soon as it has room itself. */
    waitsUntil(host: string, now: number): number | undefined {
      const service = services.get(host)
      if (service && isPaused(service, now)) return service.until
      const isFullItself = service && service.underWay >= most(service)
      // Nobody can tell which names an owner will invent next: those that are in no list of what to pass over must not be taken again and again.
      return isFullItself || hasRoom(host, 1) ? undefined : now + NO_ROOM_MS
    },
    /** @returns whether it is given one more now; then `leave` says when that is over */
    enter(host: string, now: number): boolean {
      const service = services.get(host) ?? { underWay: 0, failures: 0, until: 0 }
      if (isPaused(service, now) || service.underWay >= most(service) || !hasRoom(host, 1)) return false
      services.set(host, service)
      service.underWay++
      count(host, 1)
      return true
    },
    /** @returns whether there is room now where there was none */
    leave(host: string): boolean {
      const service = services.get(host)!
      const wasFull = isFull(host, service) || underWay + TAKEN_AT_ONCE > MOST
      service.underWay--
      count(host, -1)
      if (service.underWay === 0 && service.failures === 0) services.delete(host)
      return wasFull && !isFull(host, service)
    },
    isWell(host: string): void {
      services.get(host)!.failures = 0
    },
    /**
     * It took nothing. What was sent before it was left alone and fails afterwards counts no more.
     * @returns when what failed is tried again, at the earliest; whether the service is left alone from now on, and whether it was not before
     */
    failed(
      host: string,
      now: number,
      retryAfterMs: number | undefined,
    ): Readonly<{
      until: number | undefined
      isPausedNow: boolean
      isFirst: boolean
    }> {
      const service = services.get(host)!
      if (isPaused(service, now)) return { until: service.until, isPausedNow: false, isFirst: false }
      service.failures++
      if (!isTried(service)) return { until: undefined, isPausedNow: false, isFirst: false }
      // What it asks for may concern one device only, or be nonsense: others wait for their turn, no longer.
      service.until = now + Math.min(retryAfterMs ?? pauseAfter(service.failures - FAILURES), LONGEST_PAUSE_MS)
      return { until: service.until, isPausedNow: true, isFirst: service.failures === FAILURES }
    },
    /** The clock was set back: who is left alone until a time that is far off now is tried after the longest pause. */
    putRight(now: number): void {
      for (const service of services.values()) service.until = Math.min(service.until, now + LONGEST_PAUSE_MS)
    },
    forgetOld(now: number): void {
      for (const [host, { underWay: left, until }] of services)
        if (left === 0 && until < now - KNOWN_MS) services.delete(host)
    },
  }
}

/** ms */
export const pauseAfter = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10))
