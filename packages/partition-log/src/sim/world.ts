import { USERS, type ChatCommand } from './chat.ts'
import { Checker } from './checker.ts'
import { Engines } from './engines.ts'
import { MachineNode, type Weather } from './machine-node.ts'
import { Random } from './random.ts'
import { Reader } from './reader.ts'
import { Scheduler } from './scheduler.ts'
import { SimNode, type Fault, type Surroundings } from './sim-node.ts'
import { Wires } from './wires.ts'

/** A tenth or so of what a real one has, so that a schedule is short. */
const SETTINGS = {
  tickMs: 200,
  leaseMs: 500,
  maxCommands: 3,
  maxUnapplied: 2,
  frameWaitMs: 15,
  retryMs: 15,
  deadlineMs: 700,
  emptyTicks: 1,
  subscribeWaitMs: 40,
}
const KINDS = ['say', 'say', 'say', 'say', 'edit', 'read', 'mute', 'join', 'leave', 'leave'] as const
const STRIKES = ['pause', 'pause', 'crash', 'crash', 'restart', 'clock', 'cut'] as const
const FREEING = [...STRIKES, 'free', 'free', 'free', 'free', 'free', 'free'] as const
const RESTLESS = ['say', 'join', 'join', 'leave', 'leave'] as const
/** Milliseconds of virtual time in which everything must be well after the last fault. */
const REST_WITHIN = 12_000

/** One schedule: some processes, readers and writers, and what befalls them; all of it made by the seed. */
export class World {
  readonly seed: number
  readonly #random: Random
  readonly #scheduler = new Scheduler()
  readonly #weather: Weather
  readonly #checker: Checker
  readonly #surroundings: Surroundings
  readonly #nodes: SimNode[] = []
  readonly #readers: Reader[] = []
  readonly #rooms: number
  readonly #isRestless: boolean
  readonly #areLeasesFreed: boolean
  readonly #stormEnds: number
  #open = 0
  #processes = 0
  #steps = 0
  #isOver = false

  constructor(seed: number, fault: Fault = {}) {
    this.seed = seed
    const random = (this.#random = new Random(seed))
    const partitions = random.int(1, 2)
    // In some worlds a few people come and go all the time.
    this.#isRestless = random.chance(0.3)
    this.#rooms = this.#isRestless ? 1 : random.int(1, 3)
    this.#stormEnds = random.int(200, 1_100)
    this.#weather = {
      trouble: random.pick([0, 0.02, 0.08, 0.2]),
      loss: random.pick([0, 0.1, 0.4, 1]),
      repeats: random.pick([0, 0.1, 0.5]),
      isCalm: false,
    }
    this.#areLeasesFreed = random.chance(0.4)
    const engines = new Engines(partitions, this.#rooms)
    this.#checker = new Checker(engines, this.#rooms, () => this.#scheduler.now, !this.#areLeasesFreed)
    this.#surroundings = {
      engines,
      checker: this.#checker,
      wires: new Wires(this.#scheduler, random, this.#weather),
      find: (name) => this.#nodes.find(({ machine }) => machine.isUp && machine.name === name),
      // In some worlds processes are paused for longer than documents are kept.
      settings: { ...SETTINGS, partitions, keepMs: random.pick([0, 300, Infinity]) },
      fault,
    }
    const count = random.pick([2, 2, 3])
    for (let i = 0; i < count; i++) this.#boot(i)
    for (let i = random.int(1, 2); i > 0; i--) this.#read(new Reader(random.int(0, USERS - 1), this.#checker))
    for (let i = random.int(4, 12); i > 0; i--) this.#at(random.int(0, this.#stormEnds), () => this.#write(`k${i}`))
    for (let i = random.int(0, 6); i > 0; i--) this.#at(random.int(50, this.#stormEnds), () => this.#strike())
    this.#at(this.#stormEnds, () => this.#calm())
  }

  get violations(): readonly string[] {
    return this.#checker.violations
  }

  get steps(): number {
    return this.#steps
  }

  /** @returns false when it is over. Microtasks must run between two steps. */
  step(): boolean {
    if (this.#isOver || this.violations.length > 0) return false
    this.#steps++
    return this.#scheduler.step()
  }

  #at(t: number, run: () => void): void {
    this.#scheduler.at(t, run)
  }

  #soon(least: number, most: number, run: () => void): void {
    this.#at(this.#scheduler.now + this.#random.int(least, most), run)
  }

  #boot(index: number): void {
    const skew = this.#weather.isCalm ? 0 : this.#random.int(-300, 300)
    const name = `${'abc'[index]!}#${this.#processes++}`
    const machine = new MachineNode(name, this.#scheduler, this.#random, this.#weather, skew)
    this.#nodes[index] = new SimNode(machine, this.#surroundings)
  }

  #pickNode(): SimNode | undefined {
    const nodes = this.#nodes.filter(({ machine, isClosing }) => machine.isUp && !isClosing)
    return nodes.length > 0 ? this.#random.pick(nodes) : undefined
  }

  /** A command is repeated, sometimes at two places at once, until it is answered. */
  #write(key: string): void {
    const command: ChatCommand = {
      kind: this.#random.pick(this.#isRestless ? RESTLESS : KINDS),
      room: this.#random.int(0, this.#rooms - 1),
      user: this.#random.int(0, this.#isRestless ? 1 : USERS - 1),
    }
    const askedAt = this.#scheduler.now
    const p = command.room % this.#surroundings.engines.partitions
    let isAnswered = false
    this.#open++
    let asks = 0
    const ask = () => {
      const node = this.#pickNode()
      if (isAnswered) return
      if (!node) return this.#soon(20, 80, ask)
      asks++
      let isDone = false
      const again = () => {
        if (isDone) return
        isDone = true
        this.#soon(1, 60, ask)
      }
      node.submit(p, key, command).then((answer) => {
        this.#checker.answered(key, command, answer, askedAt, asks === 1)
        isDone = true
        if (isAnswered) return
        isAnswered = true
        this.#open--
      }, again)
      this.#at(this.#scheduler.now + 900, again)
    }
    ask()
    if (this.#random.chance(0.15)) ask()
  }

  #read(reader: Reader): void {
    this.#readers.push(reader)
    const connect = () => {
      const node = this.#pickNode()
      if (!node?.isReady) return this.#soon(10, 60, connect)
      let isOver = false
      const over = () => {
        if (isOver) return
        isOver = true
        reader.cut()
        this.#soon(5, 300, connect)
      }
      const { machine } = node
      reader.connect(node, over)
      const beat = () => {
        if (isOver) return
        if (!machine.isUp || node.isClosing) return over()
        if (!this.#weather.isCalm && this.#random.chance(0.15)) return over()
        if (this.#scheduler.now >= machine.pausedUntil) reader.beat()
        this.#soon(30, 200, beat)
      }
      this.#soon(10, 200, beat)
    }
    this.#soon(0, 300, connect)
  }

  #strike(): void {
    const index = this.#random.int(0, this.#nodes.length - 1)
    const node = this.#nodes[index]!
    const { machine } = node
    const { now } = this.#scheduler
    if (this.#weather.isCalm || !machine.isUp || node.isClosing) return
    switch (this.#random.pick(this.#areLeasesFreed ? FREEING : STRIKES)) {
      case 'free': {
        // Who should write is not what is true: leases may say anything, but go back.
        const lease = this.#random.pick([...this.#surroundings.engines.leases.values()])
        if (lease) this.#surroundings.engines.writeLease({ ...lease, holder: null, version: lease.version + 1 })
        return
      }
      case 'pause':
        machine.pausedUntil = now + this.#random.int(50, 1_500)
        return
      case 'crash':
        machine.isUp = false
        return this.#soon(20, 600, () => this.#boot(index))
      case 'restart': {
        let isGone = false
        const gone = () => {
          if (isGone || !machine.isUp) return
          isGone = true
          machine.isUp = false
          this.#soon(0, 100, () => this.#boot(index))
        }
        void node.close().then(() => machine.later(0, gone))
        // Whoever does not end is ended.
        return this.#at(now + 800, gone)
      }
      case 'clock':
        machine.skew = this.#random.int(-3_000, 3_000)
        return
      case 'cut':
        machine.cutUntil = now + this.#random.int(50, 900)
    }
  }

  #calm(): void {
    this.#weather.isCalm = true
    for (const { machine } of this.#nodes) {
      machine.skew = 0
      machine.cutUntil = 0
    }
    const until = this.#scheduler.now + REST_WITHIN
    const look = () => {
      const unrest = this.#unrest()
      if (unrest === undefined) {
        this.#checker.compareProjections()
        this.#isOver = true
      } else if (this.#scheduler.now > until) this.#checker.fail('unrest', unrest)
      else this.#at(this.#scheduler.now + 40, look)
    }
    this.#at(this.#scheduler.now + 40, look)
  }

  #unrest(): string | undefined {
    if (this.#open > 0) return `${this.#open} commands have no answer`
    for (const reader of this.#readers) {
      const missing = reader.missing(this.#rooms)
      if (missing) return missing
    }
    return this.#checker.unrest()
  }
}
