import type { PartitionNode, ProjectedPosition } from '@bigtech/partition-log'
import { storageErrors } from '@bigtech/sql'
import type { ChatTables } from './ports.ts'
import type { Chat } from './shape.ts'

type Node = Pick<PartitionNode<Chat, null>, 'status'>

/**
 * Of now: what the positions of tables that are read later must come to. While tables are made anew they lack what was told long ago.
 * @returns throws STORAGE_UNAVAILABLE for positions before those that this process has seen, or from which on the tables are whole
 */
export function wholeTables(node: Node): (positions: readonly ProjectedPosition[]) => void {
  const seen = node.status().map((partition) => partition.seen.n)
  return (positions) => {
    if (positions.some(({ n, wholeFrom = 0 }, p) => n < Math.max(seen[p]!, wholeFrom)))
      throw storageErrors.STORAGE_UNAVAILABLE({ retryAfterS: 5, cause: new Error('tables are being made anew') })
  }
}

/**
 * For answers that something is done by once and for all: a room that is missing would be as good as left. Looked at before and after, as tables may begin to be
 * made anew, or be done, in between.
 * @throws STORAGE_UNAVAILABLE
 */
export async function ofWholeTables<Answer>(
  node: Node,
  tables: Pick<ChatTables, 'positions'>,
  read: () => Promise<Answer>,
): Promise<Answer> {
  const check = wholeTables(node)
  check(await tables.positions())
  const answer = await read()
  check(await tables.positions())
  return answer
}
