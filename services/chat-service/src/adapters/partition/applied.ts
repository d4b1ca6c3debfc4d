import type { ChangeFeed, Committed } from '../../ports.ts'
import type { ChatDocument } from './entries.ts'
import type { ChatTables } from './ports.ts'
import { committedOf } from './told.ts'

export type Applied = Readonly<{
  apply: ChatTables['apply']
  onStored: ChangeFeed['onStored']
  /** Resolves when nothing is being indexed any more. */
  close(): Promise<void>
}>

/**
 * Applies documents, and then lets those know who are concerned by what this process has written: figures, and the index, one room after the other.
 * What is not indexed when it ends is indexed by a search.
 */
export function createApplied(
  tables: Pick<ChatTables, 'apply'>,
  { index }: { index?: (roomId: number, rev: number) => Promise<void> },
): Applied {
  const listeners: ((change: Committed) => void)[] = []
  /** Revisions by their rooms. */
  const waiting = new Map<number, number>()
  let indexing: Promise<void> | undefined
  let isClosed = false

  async function indexAll(): Promise<void> {
    for (const [room, rev] of waiting) {
      if (isClosed) break
      waiting.delete(room)
      // A search does it again, and tells whoever asks.
      await index?.(room, rev).catch(() => undefined)
    }
    indexing = undefined
  }

  const tell = (documents: readonly ChatDocument[]) => {
    for (const { entries } of documents)
      for (const entry of entries) {
        const change = committedOf(entry)
        if (!change) continue
        for (const listener of listeners) listener(change)
        if (index && (change.kind === 'message' || change.kind === 'changed'))
          waiting.set(change.row.room_id, change.row.rev)
      }
    if (waiting.size > 0 && !isClosed) indexing ??= indexAll()
  }

  return {
    async apply(p, documents) {
      await tables.apply(p, documents)
      tell(documents)
    },
    onStored: (listener) => void listeners.push(listener),
    async close() {
      isClosed = true
      await indexing
    },
  }
}
