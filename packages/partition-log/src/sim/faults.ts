import type { Entry } from '../document.ts'
import type { Chat } from './chat.ts'
import type { Fault } from './sim-node.ts'

/** Rules of the protocol, each taken away; the simulator finds out every one (faults.test.ts). */
export const FAULTS: Readonly<Record<string, Fault>> = {
  /** Follows its successor's documents, and goes on writing. */
  'no-term': { rules: { isSuperseded: () => false } },
  /** Serves before a document of its own is in. */
  'no-taken': { rules: { beginsWithDocument: false } },
  /** Does not look whose the last applied document is. */
  'no-last-term': { rules: { takeOverFrom: (applied) => applied + 1 } },
  /** Tells a floor before the lease holds it. */
  'floor-early': { rules: { announcedFloor: (_, promised) => promised } },
  /** Starts after the last document, but not above the floor. */
  'floor-ignored': { rules: { nextAt: (nowUs, last) => Math.max(nowUs, last + 1) } },
  /** Takes whatever lies in its place for its own. */
  'not-own': { rules: { isOwn: () => true } },
  /** A store whose key is not unique. */
  'no-fence': {
    ports: (ports, { engines, checker, machine }) => ({
      ...ports,
      log: {
        ...ports.log,
        append: (document) =>
          machine.call(() => {
            engines.log[document.p]![document.n - 1] = document
            checker.appended(document)
            return 'appended'
          }),
      },
    }),
  },
  /** Frees the places of what is not needed any more: who was paused for long enough finds its own free. */
  'empty-frees': {
    ports: (ports, { engines, checker, machine }) => ({
      ...ports,
      log: {
        ...ports.log,
        append: (document) =>
          machine.call(() => {
            const isFree = document.n <= engines.emptied[document.p]!
            const outcome = isFree ? 'appended' : engines.append(document)
            if (outcome === 'appended') checker.appended(document)
            return outcome
          }),
      },
    }),
  },
  /** Empties what is not on the bus yet. */
  'empty-early': { rules: { mayEmptyTo: (applied) => applied - 1 } },
  /** Passes over what was not announced. */
  'no-repair': { rules: { nextToSee: (_, announced) => announced } },
  /** Counts as seen what the fastest partition has. */
  'token-new': { rules: { token: (seen) => Math.max(...seen) } },
  /** Does not wait for its rooms before a commit counts as seen. */
  'token-early': { rules: { hasReached: () => true } },
  /** Brings what comes, whatever is missing before it. */
  'no-order': { rules: { follows: (f, next) => next > f } },
  /** Answers before it can be read. */
  'apply-late': {
    ports: (ports, { machine }) => ({
      ...ports,
      projections: {
        ...ports.projections,
        apply: async (p, documents) => {
          const apply = () => void ports.projections.apply(p, documents).catch(() => machine.later(20, apply))
          machine.later(20, apply)
        },
      },
    }),
  },
  /** A new owner believes that its predecessor has applied everything. */
  'not-applied-again': {
    ports: (ports, { engines, machine }) => ({
      ...ports,
      projections: {
        ...ports.projections,
        positions: () => machine.call(() => engines.log.map((log) => ({ n: log.length, at: log.at(-1)?.at ?? 0 }))),
      },
    }),
  },
  /** Carries a repeated command out again. */
  'no-dedupe': { rules: { isRepeat: () => false } },
  /** Does not know a copy of a call that was refused. */
  'no-calls': { rules: { isCopy: () => false } },
  /** Begins a room with the first frame that comes. */
  'late-subscription': {
    rules: { follows: (f, next) => f < 0 || next === f + 1, hasReached: (f, head) => f < 0 || f >= head },
    ports: (ports) => ({
      ...ports,
      projections: {
        ...ports.projections,
        memberships: async (member) =>
          (await ports.projections.memberships(member)).map((membership) => ({ ...membership, f: -1 })),
      },
    }),
  },
  /** Sends joining and leaving over the room's channel, which may lose them. */
  'control-on-channel': {
    ports: (ports) => ({
      ...ports,
      broker: {
        ...ports.broker,
        announce: (announcement) => {
          const { p, n, control } = announcement
          ports.broker.announce({ ...announcement, control: [] })
          for (const entry of control) ports.broker.publish({ p, n, room: entry.room, entries: [entry] })
        },
      },
    }),
  },
  /** Reads how far the partition is after reading how far its rooms are. */
  'place-late': {
    ports: (ports, { engines, machine }) => ({
      ...ports,
      projections: {
        ...ports.projections,
        memberships: async (member) => {
          const rooms = await ports.projections.memberships(member)
          const positions = await machine.call(() => [...engines.positions])
          return rooms.map((room) => ({ ...room, n: positions[room.room % engines.partitions]!.n }))
        },
      },
    }),
  },
  /** Begins rooms where they are, whatever of them was seen here. */
  'place-unknown': {
    ports: (ports) => ({
      ...ports,
      projections: {
        ...ports.projections,
        memberships: async (member) => (await ports.projections.memberships(member)).map((room) => ({ ...room, n: 0 })),
      },
    }),
  },
  /** Reads the history before it listens. */
  'history-first': {
    ports: (ports) => {
      const early = new Map<number, readonly Entry<Chat>[]>()
      return {
        ...ports,
        projections: {
          ...ports.projections,
          memberships: async (member) => {
            early.set(member, await ports.history.since(member, undefined))
            return ports.projections.memberships(member)
          },
        },
        history: { since: async (member) => early.get(member)! },
      }
    },
  },
  /** Another id for each time an event is published. */
  'event-ids': {
    ports: (ports, { machine }) => ({
      ...ports,
      bus: {
        publish: (p, events) =>
          ports.bus.publish(
            p,
            events.map(({ entry }) => ({ id: `${machine.random()}`, entry })),
          ),
      },
    }),
  },
  /** Moves the cursor before the bus has the events. */
  'cursor-early': {
    ports: (ports) => ({
      ...ports,
      bus: {
        publish: async (p, events) => {
          await ports.cursors.advance(p, Number(events.at(-1)!.id.split('-')[1]))
          await ports.bus.publish(p, events)
        },
      },
    }),
  },
}
