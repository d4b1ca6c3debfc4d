import type { ChangeFeed, Committed } from '../../ports.ts'
import type { ChatDocument } from './entries.ts'
import type { Indexer } from './indexer.ts'
import type { ChatTables } from './ports.ts'
import { committedOf } from './told.ts'

export type Applied = Readonly<{
  apply: ChatTables['apply']
  onStored: ChangeFeed['onStored']
}>

/** Applies documents, and then lets those know who are concerned by what this process has written: figures, and the index. */
export function createApplied(tables: Pick<ChatTables, 'apply'>, indexer?: Pick<Indexer, 'add'>): Applied {
  const listeners: ((change: Committed) => void)[] = []

  const tell = (documents: readonly ChatDocument[]) => {
    for (const { entries } of documents)
      for (const entry of entries) {
        const change = committedOf(entry)
        if (!change) continue
        for (const listener of listeners) listener(change)
        if (change.kind === 'message' || change.kind === 'changed') indexer?.add(change.row.room_id)
      }
  }

  return {
    async apply(p, documents) {
      await tables.apply(p, documents)
      tell(documents)
    },
    onStored: (listener) => void listeners.push(listener),
  }
}
