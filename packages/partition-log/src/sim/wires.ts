import type { Announcement, Broker, Network, Outcome, RoomFrame, Subscription } from '../ports.ts'
import type { Command } from '../document.ts'
import type { Chat } from './chat.ts'
import { UNKNOWN, type MachineNode, type Weather } from './machine-node.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

type Receiver = { node: MachineNode; run: (message: never) => void }

/** The channels between the processes: they lose, repeat and swap, and nobody is told. */
export class Wires {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #weather: Weather
  readonly #receivers = new Map<string, Set<Receiver>>()

  constructor(scheduler: Scheduler, random: Random, weather: Weather) {
    this.#scheduler = scheduler
    this.#random = random
    this.#weather = weather
  }

  send(from: MachineNode, channel: string, message: unknown): void {
    if (this.#scheduler.now < from.cutUntil) return
    for (const { node, run } of this.#receivers.get(channel) ?? []) {
      if (this.#scheduler.now < node.cutUntil) continue
      if (!this.#weather.isCalm && this.#random.chance(this.#weather.loss)) continue
      const copies = !this.#weather.isCalm && this.#random.chance(0.02) ? 2 : 1
      for (let i = 0; i < copies; i++)
        node.later(this.#random.chance(0.1) ? this.#random.int(5, 60) : this.#random.int(0, 4), () =>
          run(message as never),
        )
    }
  }

  listen(node: MachineNode, channel: string, run: (message: never) => void): Subscription {
    const receiver = { node, run }
    let isStopped = false
    const effective = new Promise<void>((resolve) => {
      const slow = !this.#weather.isCalm && this.#random.chance(this.#weather.loss)
      this.#scheduler.at(this.#scheduler.now + (slow ? this.#random.int(20, 500) : this.#random.int(0, 5)), () => {
        if (isStopped || !node.isUp) return
        const known = this.#receivers.get(channel)
        if (known) known.add(receiver)
        else this.#receivers.set(channel, new Set([receiver]))
        node.later(0, resolve)
      })
    })
    const stop = () => {
      isStopped = true
      this.#receivers.get(channel)?.delete(receiver)
    }
    return { effective, stop }
  }

  broker(node: MachineNode): Broker<Chat> {
    return {
      announce: (announcement: Announcement<Chat>) => this.send(node, 'feed', announcement),
      publish: (frame: RoomFrame<Chat>) => this.send(node, `room:${frame.room}`, frame),
      wake: () => this.send(node, 'wake', undefined),
      onAnnouncement: (listener) => this.listen(node, 'feed', listener),
      onFrame: (room, listener) => this.listen(node, `room:${room}`, listener),
      onWake: (listener) => this.listen(node, 'wake', listener),
    }
  }

  /** @param find the process with a name, if it lives */
  network(node: MachineNode, find: (name: string) => Handler | undefined): Network<Chat> {
    return {
      request: (name, p, term, commands) =>
        new Promise((resolve, reject) => {
          const limit = 250
          node.later(limit, () => reject(UNKNOWN))
          const calm = this.#weather.isCalm
          const trouble = !calm && this.#random.chance(this.#weather.trouble)
          if (trouble && this.#random.chance(0.4)) return
          const isAnswerLost = trouble && this.#random.chance(0.4)
          const arrive = (answer: boolean) => {
            const target = find(name)
            if (!target || this.#scheduler.now < target.machine.cutUntil || this.#scheduler.now < node.cutUntil) return
            target.machine.later(0, () => {
              const answered = target.handle(p, term, commands)
              if (answer)
                void answered.then((outcomes) =>
                  node.later(trouble ? this.#random.int(0, 400) : this.#random.int(0, 3), () => resolve(outcomes)),
                )
            })
          }
          this.#scheduler.at(this.#scheduler.now + this.#random.int(0, trouble ? 200 : 4), () => arrive(!isAnswerLost))
          if (!calm && this.#random.chance(this.#weather.repeats))
            this.#scheduler.at(this.#scheduler.now + this.#random.int(0, 600), () => arrive(false))
        }),
    }
  }
}

export type Handler = {
  readonly machine: MachineNode
  handle(p: number, term: number, commands: readonly Command<Chat>[]): Promise<readonly Outcome<Chat>[]>
}
