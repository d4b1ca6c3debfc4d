import type { LogDocument, Shape } from './document.ts'
import type { Coordination, Cursors, Lease, LogStore } from './ports.ts'

/** In the memory of one process: the least that the ports' suites ask for. */
export function createMemoryLog<T extends Shape>(): LogStore<T> {
  const documents = new Map<string, LogDocument<T>>()
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
        if (!document) break
        found.push(document)
      }
      return found
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
