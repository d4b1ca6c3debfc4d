import type { Duplex } from 'node:stream'
import { chatErrors } from '../../contract/errors.ts'

/** Seconds. A stream whose client is gone without a word is noticed within two heartbeats of 15 s. */
const RETRY_AFTER_S = 30

const SEAT = Symbol('seat')
type Seat = { userId: number; network: string; seats: Seats }
type Seated = Duplex & { [SEAT]?: Seat }

/** How many streams an account, and an address, have open at a time. */
export class Seats {
  readonly #perUser: number
  readonly #perNetwork: number
  readonly #users = new Map<number, number>()
  readonly #networks = new Map<string, number>()

  constructor(limits: { perUser: number; perNetwork: number }) {
    this.#perUser = limits.perUser
    this.#perNetwork = limits.perNetwork
  }

  /** Takes a seat until the socket closes. @throws TOO_MANY_STREAMS */
  take(socket: Duplex, userId: number, network: string): void {
    const ofUser = this.#users.get(userId) ?? 0
    const ofNetwork = this.#networks.get(network) ?? 0
    if (ofUser >= this.#perUser || ofNetwork >= this.#perNetwork)
      throw chatErrors.TOO_MANY_STREAMS({ params: { seconds: RETRY_AFTER_S }, retryAfterS: RETRY_AFTER_S })
    this.#users.set(userId, ofUser + 1)
    this.#networks.set(network, ofNetwork + 1)
    ;(socket as Seated)[SEAT] = { userId, network, seats: this }
    socket.once('close', onClose)
  }

  leave({ userId, network }: Seat): void {
    giveBack(this.#users, userId)
    giveBack(this.#networks, network)
  }
}

// One function for all sockets: a closure each would be part of what an idle connection costs.
function onClose(this: Seated): void {
  const seat = this[SEAT]!
  seat.seats.leave(seat)
}

function giveBack<K>(counts: Map<K, number>, key: K): void {
  const left = counts.get(key)! - 1
  if (left > 0) counts.set(key, left)
  else counts.delete(key)
}
