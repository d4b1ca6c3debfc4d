import type { Runtime } from '../ports.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

/** How hostile a world is, while it is. */
export type Weather = {
  /** Of calls that do not go well. */
  trouble: number
  /** Of messages on channels that are lost. */
  loss: number
  /** Of requests that arrive once more later. */
  repeats: number
  isCalm: boolean
}

/** What an operation of a port gives up after. */
const TIME_LIMIT = 100
/** One for all: it is thrown often, and a stack takes long to make. */
export const UNKNOWN = new Error('nobody knows')

/** One process as the world sees it: it may stand still, be cut off, have a wrong clock, and die. */
export class MachineNode implements Runtime {
  readonly name: string
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #weather: Weather
  isUp = true
  pausedUntil = 0
  cutUntil = 0
  skew: number

  constructor(name: string, scheduler: Scheduler, random: Random, weather: Weather, skew: number) {
    this.name = name
    this.#scheduler = scheduler
    this.#random = random
    this.#weather = weather
    this.skew = skew
  }

  now(): number {
    return Math.floor(1_000_000 + this.#scheduler.now + this.skew)
  }

  monotonic(): number {
    return this.#scheduler.now
  }

  random(): number {
    return this.#random.next()
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve))
  }

  /** Runs here in so many ms, or when a pause ends; never if the process has ended. */
  later(ms: number, run: () => void): void {
    const go = () => {
      if (!this.isUp) return
      if (this.#scheduler.now < this.pausedUntil) this.#scheduler.at(this.pausedUntil, go)
      else run()
    }
    // Half of all events are answers that come at once.
    if (ms === 0) go()
    else this.#scheduler.at(this.#scheduler.now + ms, go)
  }

  /**
   * A call to an engine. The effect happens at one moment, or never, or once more later; the answer comes soon, late, or not at all.
   * @param partly what an effect that breaks off does, if it can
   */
  call<Answer>(effect: () => Answer, partly?: () => void): Promise<Answer> {
    const random = this.#random
    const scheduler = this.#scheduler
    return new Promise((resolve, reject) => {
      const run = (answerIn: number) => {
        try {
          const answer = effect()
          this.later(answerIn, () => resolve(answer))
        } catch (error) {
          this.later(answerIn, () => reject(error))
        }
      }
      const unknown = (ms: number) => this.later(ms, () => reject(UNKNOWN))
      const isCut = scheduler.now < this.cutUntil
      if (!isCut && (this.#weather.isCalm || !random.chance(this.#weather.trouble)))
        return scheduler.at(scheduler.now + random.int(0, 4), () => run(Math.max(0, random.int(-4, 4))))
      switch (isCut ? random.int(0, 1) : random.int(0, 6)) {
        case 0: // lost
          return unknown(TIME_LIMIT)
        case 1: // on its way for long, nobody waits for it
          scheduler.at(scheduler.now + random.int(20, 900), () => ignore(effect))
          return unknown(TIME_LIMIT)
        case 2: // done, the answer is lost
          scheduler.at(scheduler.now + random.int(0, 20), () => ignore(effect))
          return unknown(TIME_LIMIT)
        case 3: // broken off
          scheduler.at(scheduler.now + random.int(0, 20), () => partly && ignore(partly))
          return unknown(random.int(20, TIME_LIMIT))
        case 4: // done twice
          scheduler.at(scheduler.now + random.int(20, 900), () => ignore(effect))
          return scheduler.at(scheduler.now + random.int(0, 20), () => run(0))
        case 5: // refused at once, and done nevertheless
          scheduler.at(scheduler.now + random.int(0, 300), () => ignore(effect))
          return unknown(1)
        default: // the answer comes late
          return scheduler.at(scheduler.now + random.int(0, 10), () => run(random.int(50, 900)))
      }
    })
  }
}

function ignore(effect: () => unknown): void {
  try {
    effect()
  } catch {
    // Nobody is there to hear of it.
  }
}
