import type { Coordination, Cursors } from '@bigtech/partition-log'
import type { Db } from 'mongodb'
import type { AddressOf } from '../mysql/coordination.ts'
import { exact } from '../mysql/schema.ts'
import { reading, writing } from './errors.ts'
import { collection, insertNew, raise } from './schema.ts'

/**
 * Each write is of one document, and names the version it is written over.
 * @param ownAddress where the process that beats is reached by the others: told with each beat, so that it is known as long as the process is
 */
export function createMongodbCoordination(
  db: Db,
  ownAddress: () => string | undefined = () => undefined,
): Coordination & Readonly<{ addressOf: AddressOf }> {
  const leases = collection(db, 'partition_leases')
  const nodes = collection(db, 'partition_nodes')
  const addresses = new Map<string, string>()
  return {
    async read() {
      const [allLeases, allNodes] = await reading(() => Promise.all([leases.find().toArray(), nodes.find().toArray()]))
      return {
        leases: allLeases.map(({ _id, ...lease }) => ({ p: _id, ...lease })),
        nodes: allNodes.map(({ _id, beat }) => ({ node: _id, beat })),
      }
    },

    async write({ p, ...lease }) {
      exact(p, lease.term, lease.floor, lease.version)
      if (lease.version === 1) return insertNew(leases, { _id: p, ...lease })
      const before = { _id: p, version: lease.version - 1 }
      const { matchedCount } = await writing(() => leases.updateOne(before, { $set: lease }))
      return matchedCount === 1
    },

    async beat({ node, beat }) {
      exact(beat)
      const address = ownAddress()
      await raise(nodes, node, 'beat', beat, address === undefined ? {} : { address })
    },

    async leave(node) {
      addresses.delete(node)
      await writing(() => nodes.deleteOne({ _id: node }))
    },

    async addressOf(node) {
      const known = addresses.get(node)
      if (known !== undefined) return known
      const found = await reading(() => nodes.findOne({ _id: node }))
      // A process has another name after a restart: what it said once is right as long as it is there.
      if (found?.address !== undefined) addresses.set(node, found.address)
      return found?.address
    },
  }
}

export function createMongodbCursors(db: Db): Cursors {
  const cursors = collection(db, 'partition_cursors')
  return {
    read: async (p) => (await reading(() => cursors.findOne({ _id: p })))?.n ?? 0,
    async advance(p, n) {
      exact(p, n)
      await raise(cursors, p, 'n', n)
    },
  }
}
