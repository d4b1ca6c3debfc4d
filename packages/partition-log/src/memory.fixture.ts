import type { Command, LogDocument, Shape } from './document.ts'
import type { PartitionNode } from './node.ts'
import type { Broker, Coordination, Cursors, Lease, LogStore, Network, Outcome, Subscription } from './ports.ts'

/** In the memory of one process: the least that the ports' suites ask for. */
export function createMemoryLog<T extends Shape>(): LogStore<T> {
  const documents = new Map<string, LogDocument<T>>()
  const emptied = new Set<string>()
  return {
    async append(document) {
      const place = `${document.p}/${document.n}`
      if (documents.has(place)) return 'exists'
      documents.set(place, document)
      return 'appended'
    },
    async read(p, from, limit) {
      const found: LogDocument<T>[] = []
      for (let n = from; n < from + limit; n++) {
        const document = documents.get(`${p}/${n}`)
        if (!document || emptied.has(`${p}/${n}`)) break
        found.push(document)
      }
      return found
    },
    async writerOf(p, n) {
      return documents.get(`${p}/${n}`)?.by
    },
    async empty(p, from, upTo) {
      for (let n = from; n <= upTo; n++) emptied.add(`${p}/${n}`)
    },
  }
}

export function createMemoryCoordination(): Coordination {
  const leases = new Map<number, Lease>()
  const nodes = new Map<string, number>()
  return {
    async read() {
      return { leases: [...leases.values()], nodes: [...nodes].map(([node, beat]) => ({ node, beat })) }
    },
    async write(lease) {
      if ((leases.get(lease.p)?.version ?? 0) !== lease.version - 1) return false
      leases.set(lease.p, lease)
      return true
    },
    async beat({ node, beat }) {
      nodes.set(node, Math.max(beat, nodes.get(node) ?? 0))
    },
    async leave(node) {
      nodes.delete(node)
    },
  }
}

export function createMemoryCursors(): Cursors {
  const cursors = new Map<number, number>()
  return {
    async read(p) {
      return cursors.get(p) ?? 0
    },
    async advance(p, n) {
      cursors.set(p, Math.max(n, cursors.get(p) ?? 0))
    },
  }
}

/** Channels within one process: in order, at once, nothing lost. */
export function createMemoryBroker<T extends Shape>(): Broker<T> {
  const listeners = new Map<unknown, Set<(message: never) => void>>()
  const on = (channel: unknown, listener: (message: never) => void): Subscription => {
    const those = listeners.get(channel) ?? new Set()
    listeners.set(channel, those.add(listener))
    return { effective: Promise.resolve(), stop: () => void those.delete(listener) }
  }
  const tell = (channel: unknown, message: unknown) => {
    for (const listener of listeners.get(channel) ?? []) listener(message as never)
  }
  return {
    announce: (announcement) => tell('announcements', announcement),
    publish: (frame) => tell(frame.room, frame),
    wake: () => tell('wakes', undefined),
    onAnnouncement: (listener) => on('announcements', listener),
    onFrame: (room, listener) => on(room, listener),
    onWake: (listener) => on('wakes', listener),
  }
}

/** Processes in one. What they say to each other is JSON, as between machines. */
export class MemoryNetwork<T extends Shape> implements Network<T> {
  readonly #nodes = new Map<string, Pick<PartitionNode<T, unknown>, 'handle'>>()

  add(name: string, node: Pick<PartitionNode<T, unknown>, 'handle'>): void {
    this.#nodes.set(name, node)
  }

  async request(to: string, p: number, term: number, commands: readonly Command<T>[]): Promise<readonly Outcome<T>[]> {
    const node = this.#nodes.get(to)
    if (!node) throw new Error(`there is no process ${to}`)
    return asJson(await node.handle(p, term, asJson(commands)))
  }
}

const asJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value
