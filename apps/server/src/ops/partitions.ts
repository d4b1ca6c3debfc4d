import type { PartitionStatus } from '@bigtech/partition-log'
import { dependencyErrors } from '@bigtech/resilience'
import { Type, type Static } from 'typebox'
import type { Asked } from './instances.ts'
import { Offset } from './ops.schemas.ts'

const Count = Type.Integer({ minimum: 0, examples: [0] })
const Process = Type.String({ description: 'As in the health of its service', examples: ['node-1'] })

const writes = {
  term: Type.Integer({ minimum: 0, description: 'Grows with each new owner', examples: [3] }),
  is_serving: Type.Boolean({ description: 'False while it takes over: then the rest is not known', examples: [true] }),
  n: Type.Integer({ minimum: 0, description: 'Its last document in the log', examples: [1_204] }),
  unapplied: Type.Integer({ minimum: 0, description: 'Documents that nobody can read yet', examples: [0] }),
  unpublished: Type.Union([Count, Type.Null()], {
    description: 'Documents that the bus has not got yet; null until the owner knows',
    examples: [0],
  }),
  waiting: Type.Integer({ minimum: 0, description: 'Commands', examples: [0] }),
}
const partition = Type.Integer({ minimum: 0, examples: [0] })

/** What one process says of a partition. */
export const PartitionHere = Type.Object({
  partition,
  owner: Type.Union([Type.Object(writes), Type.Null()]),
  seen: Offset,
})

export const PartitionState = Type.Object(
  {
    partition,
    owner: Type.Union([Type.Object({ process: Process, ...writes }), Type.Null()], {
      description: 'The process that writes it; null when none of those that answered does',
    }),
    seen: Type.Array(Type.Object({ process: Process, n: Offset }), {
      description: 'Up to which document each process has seen it',
      examples: [[{ process: 'node-1', n: 1_204 }]],
    }),
  },
  { $id: 'PartitionState' },
)

export const PartitionList = Type.Object({
  items: Type.Array(PartitionState, { description: 'None when one process writes everything' }),
  away: Type.Array(Type.Object({ name: Type.String(), detail: Type.String() }), {
    description: 'Processes that did not answer: a partition without an owner may be theirs',
    examples: [[]],
  }),
})

type Here = Static<typeof PartitionHere>
type State = Static<typeof PartitionState>

export const toldHere = (status: readonly PartitionStatus[]): Here[] =>
  status.map(({ p, owner, seen }) => {
    if (!owner) return { partition: p, owner: null, seen: seen.n }
    const { term, isServing: is_serving, n, unapplied, unpublished = null, waiting } = owner
    return { partition: p, owner: { term, is_serving, n, unapplied, unpublished, waiting }, seen: seen.n }
  })

/**
 * What all processes say, as one. Of two that believe to own a partition the one of the later term does: the other does not know it yet.
 * @throws DEPENDENCY_UNAVAILABLE when nobody answers
 */
export function partitionsOf(asked: readonly Asked<readonly Here[]>[]): Static<typeof PartitionList> {
  const away = asked.flatMap((one) => ('answer' in one ? [] : [{ name: one.name, detail: one.detail }]))
  if (asked.length > 0 && away.length === asked.length)
    throw dependencyErrors.DEPENDENCY_UNAVAILABLE({ retryAfterS: 1 })
  const items = new Map<number, State>()
  for (const one of asked) {
    if (!('answer' in one)) continue
    for (const { partition: p, owner, seen } of one.answer) {
      const known = items.get(p) ?? { partition: p, owner: null, seen: [] }
      const isLater = owner && owner.term > (known.owner?.term ?? -1)
      items.set(p, {
        partition: p,
        owner: isLater ? { process: one.name, ...owner } : known.owner,
        seen: [...known.seen, { process: one.name, n: seen }],
      })
    }
  }
  return { items: [...items.values()].toSorted((a, b) => a.partition - b.partition), away }
}
