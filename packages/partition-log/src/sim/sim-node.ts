import type { Ports } from '../context.ts'
import type { Command, Entry } from '../document.ts'
import type { OpenConnection, Sink } from '../hub.ts'
import { PartitionNode } from '../node.ts'
import type { History } from '../ports.ts'
import { RULES, type Rules } from '../rules.ts'
import type { Settings } from '../settings.ts'
import { createChat, copyOf, type Answer, type Chat, type ChatCommand } from './chat.ts'
import type { Checker } from './checker.ts'
import type { Engines } from './engines.ts'
import type { MachineNode } from './machine-node.ts'
import type { Handler, Wires } from './wires.ts'

export type Missed = readonly Entry<Chat>[]
export type SimPorts = Ports<Chat> & { history: History<Missed> }

/** A rule that is taken away, to see whether somebody notices. */
export type Fault = Readonly<{
  rules?: Partial<Rules>
  ports?(ports: SimPorts, world: { engines: Engines; checker: Checker; machine: MachineNode }): SimPorts
}>

export type Surroundings = Readonly<{
  engines: Engines
  checker: Checker
  wires: Wires
  find(name: string): Handler | undefined
  settings: Partial<Settings>
  fault: Fault
}>

/** A process: the library, on engines that fail. */
export class SimNode implements Handler {
  readonly machine: MachineNode
  readonly #node: PartitionNode<Chat, Missed>
  isReady = false
  isClosing = false

  constructor(machine: MachineNode, surroundings: Surroundings) {
    this.machine = machine
    const { engines, checker, settings, fault } = surroundings
    const ports = connect(machine, surroundings)
    const used = fault.ports ? fault.ports(ports, { engines, checker, machine }) : ports
    this.#node = new PartitionNode(machine.name, used, settings, { ...RULES, ...fault.rules })
    this.#node.start().then(
      () => (this.isReady = true),
      () => undefined,
    )
  }

  handle(p: number, term: number, commands: readonly Command<Chat>[]) {
    return this.#node.handle(p, term, commands)
  }

  submit(p: number, key: string, body: ChatCommand): Promise<Answer> {
    return this.#node.submit(p, { key, body })
  }

  open(member: number, token: number | undefined, sink: Sink<Chat, Missed>): Promise<OpenConnection> {
    return this.#node.hub.open(member, token, sink)
  }

  async close(): Promise<void> {
    this.isClosing = true
    await this.#node.close()
  }
}

function connect(machine: MachineNode, { engines, checker, wires, find }: Surroundings): SimPorts {
  const broker = wires.broker(machine)
  return {
    log: {
      append: (document) =>
        machine.call(() => {
          const outcome = engines.append(document)
          if (outcome === 'appended') checker.appended(document)
          return outcome
        }),
      read: (p, from, limit) => machine.call(() => engines.read(p, from, limit)),
      writerOf: (p, n) => machine.call(() => engines.writerOf(p, n)),
      empty: (p, from, upTo) => machine.call(() => engines.empty(p, from, upTo)),
    },
    coordination: {
      read: () =>
        machine.call(() => ({
          leases: [...engines.leases.values()],
          nodes: [...engines.nodes].map(([node, beat]) => ({ node, beat })),
        })),
      write: (lease) => machine.call(() => engines.writeLease(lease)),
      beat: (beat) => machine.call(() => engines.beat(beat)),
      leave: (node) => machine.call(() => void engines.nodes.delete(node)),
    },
    projections: {
      positions: () => machine.call(() => [...engines.positions]),
      apply: (p, documents) =>
        machine.call(
          () => engines.apply(p, documents),
          () => engines.apply(p, documents, machine.random() * 4),
        ),
      memberships: async (member) => {
        const positions = await machine.call(() => [...engines.positions])
        const heads = await machine.call(() => new Map(engines.heads))
        const rooms = await machine.call(() => engines.membershipsOf(member))
        return rooms.map(({ room, joined }) => {
          const { f, n } = heads.get(room)!
          return { room, joined, f, n: Math.max(n, positions[room % engines.partitions]!.n) }
        })
      },
    },
    machine: createChat((rooms, keys) =>
      machine.call(() => ({
        rooms: rooms.map((room) => [room, copyOf(engines.rooms.get(room)!)] as const),
        found: new Map(keys.flatMap((key) => (engines.byKey.has(key) ? [[key, engines.byKey.get(key)!]] : []))),
      })),
    ),
    bus: { publish: (p, events) => machine.call(() => checker.published(p, events)) },
    cursors: {
      read: (p) => machine.call(() => engines.cursors[p]!),
      advance: (p, n) => machine.call(() => void (engines.cursors[p] = Math.max(engines.cursors[p]!, n))),
    },
    broker: {
      ...broker,
      announce: (announcement) => {
        if (announcement.floor) checker.floorTold(announcement.p, announcement.floor.at)
        broker.announce(announcement)
      },
    },
    network: wires.network(machine, find),
    runtime: machine,
    history: { since: (member, after) => machine.call(() => engines.since(member, after ?? -1)) },
  }
}
