import { uuid, type Outbox, type OutboxEntry } from '@bigtech/client'
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { within } from '../lib/within.ts'
import { createHolders } from './holders.ts'

/**
 * Unsent messages of an account, with their files, in IndexedDB: they outlive reloads, closed tabs and a browser that ends. A tab
 * holds what it sends; what a tab that is gone has left is taken by one that lives, or by the next.
 */

type Row = Omit<OutboxEntry, 'upload'> & { account: number; holder: string; file_name: string | null }
type Tables = DBSchema & {
  entries: { key: string; value: Row; indexes: { account: number } }
  /** Apart from their entries, so that a change of an entry does not write them again. */
  files: { key: string; value: Blob }
}

const NAME = 'bigtech-chat'
const VERSION = 1
/** A browser that does not answer for this long has no database for us: what is unsent waits for no longer. ms */
const OPENING_MS = 5_000
const READING_MS = 10_000
const WRITING_MS = 30_000
/** Somebody looks at a button until then. ms */
const COUNTING_MS = 3_000

let opening: Promise<IDBPDatabase<Tables>> | undefined

function database(): Promise<IDBPDatabase<Tables>> {
  opening ??= within(
    OPENING_MS,
    openDB<Tables>(NAME, VERSION, {
      upgrade(db) {
        db.createObjectStore('entries', { keyPath: 'client_message_id' }).createIndex('account', 'account')
        db.createObjectStore('files')
      },
      // A newer page has another form of it: this one makes way.
      blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
      terminated: () => (opening = undefined),
    }),
  )
  return opening
}

/** @param onTrouble what is unsent is kept by this tab alone: there is no database (private windows), or no space for more */
export function createOutbox(account: number, onTrouble: (error: unknown) => void): Outbox {
  const me = uuid()
  const watched = new Set<string>([me])

  const attempt = async (ms: number, work: (db: IDBPDatabase<Tables>) => Promise<unknown>): Promise<void> => {
    try {
      await within(ms, database().then(work))
    } catch (error) {
      onTrouble(error)
    }
  }

  /** Makes what these tabs held ours: in one transaction, so that it becomes one tab's only. */
  async function claim(isOurs: (holder: string) => boolean): Promise<OutboxEntry[]> {
    const tx = (await database()).transaction(['entries', 'files'], 'readwrite')
    const entries = tx.objectStore('entries')
    const files = tx.objectStore('files')
    const found: OutboxEntry[] = []
    for (const row of await entries.index('account').getAll(account)) {
      if (!isOurs(row.holder)) continue
      void entries.put({ ...row, holder: me })
      const { account: _account, holder: _holder, file_name, ...fields } = row
      const blob = file_name === null ? undefined : await files.get(row.client_message_id)
      found.push({ ...fields, upload: blob && file_name !== null ? { blob, name: file_name } : null })
    }
    await tx.done
    return found.sort((a, b) => a.created_at - b.created_at)
  }

  return {
    adopt: (take, over) =>
      attempt(READING_MS, async (db) => {
        const takeFrom = (holder: string) => attempt(READING_MS, async () => take(await claim((one) => one === holder)))
        const watch = (holder: string) => {
          if (watched.has(holder)) return
          watched.add(holder)
          holders.whenGone(holder, () => void takeFrom(holder))
        }
        const holders = createHolders(`${NAME}:outbox:${account}`, me, watch, over)
        const rows = await db.getAllFromIndex('entries', 'account', account)
        if (over.aborted) return
        const gone = new Set<string>()
        const learn = async (holder: string) => {
          if (holder !== me && (await holders.isGone(holder))) gone.add(holder)
          else watch(holder)
        }
        await Promise.all([...new Set(rows.map((row) => row.holder))].map(learn))
        if (gone.size > 0 && !over.aborted) take(await claim((holder) => gone.has(holder)))
      }),
    put: ({ upload, ...fields }) =>
      attempt(WRITING_MS, async (db) => {
        const tx = db.transaction(['entries', 'files'], 'readwrite')
        const files = tx.objectStore('files')
        const key = fields.client_message_id
        const row = { ...fields, account, holder: me, file_name: upload?.name ?? null }
        const known = upload ? await files.getKey(key) : key
        await Promise.all([
          ...(upload && known === undefined ? [files.put(upload.blob, key)] : []),
          tx.objectStore('entries').put(row),
          tx.done,
        ])
      }),
    remove: (id) =>
      attempt(WRITING_MS, async (db) => {
        const tx = db.transaction(['entries', 'files'], 'readwrite')
        await Promise.all([tx.objectStore('entries').delete(id), tx.objectStore('files').delete(id), tx.done])
      }),
  }
}

/** How many messages of an account are unsent, in all tabs. @throws when there is no database, or it does not answer */
export const unsentCount = (account: number): Promise<number> =>
  within(
    COUNTING_MS,
    database().then((db) => db.countFromIndex('entries', 'account', account)),
  )

/** Forgets what an account has not sent. */
export async function clearOutbox(account: number): Promise<void> {
  const tx = (await database()).transaction(['entries', 'files'], 'readwrite')
  const keys = await tx.objectStore('entries').index('account').getAllKeys(account)
  await Promise.all([
    ...keys.flatMap((key) => [tx.objectStore('entries').delete(key), tx.objectStore('files').delete(key)]),
    tx.done,
  ])
}
