import { createWriterOutbox, type Outbox } from '@bigtech/messaging'
import { createWriter, LARGE_CACHE, openSqlite, openSqliteDatabase, type OnTrouble } from '@bigtech/sql'
import { migrations } from '../../migrations/index.ts'
import type {
  ChangeFeed,
  ClosureStore,
  FileStore,
  MessageLog,
  NewMessage,
  PeopleReadModel,
  RoomStore,
} from '../../ports.ts'
import type { ChatCommands } from './commands.ts'
import { createFeed } from './feed.ts'
import { committedMessage, type Positioned, type Result } from './log.ts'
import type { AppendOutcome } from './message-commands.ts'
import { createMessageLog } from './message-log.ts'
import { createClosures, createFiles, createPeople } from './people.ts'
import { createMemberships } from './memberships.ts'
import { createProfileCache } from './profile-cache.ts'
import { createRoomQueries } from './room-queries.ts'
import { createRoomWrites } from './room-writes.ts'
import { createSearch } from './search/search.ts'
import { newest } from './search/source.ts'
import { createSenderCache } from './sender-cache.ts'

export type ChatStore = {
  messages: MessageLog
  rooms: RoomStore
  feed: ChangeFeed
  people: PeopleReadModel
  files: FileStore
  closures: ClosureStore
  outbox: Outbox
  /** Forgets handled event ids that are old enough. */
  prune(now: number): Promise<void>
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}

/**
 * chat-service's storage in one SQLite file: one writer thread, one read connection. The search index is a second file, with a thread of
 * its own, which is made from the first.
 * @param options.onTrouble hears of indexing and checkpoints that failed and are tried again
 * @param options.onIndexRenewed hears why the search index is made anew
 * @param options.onSearchLost hears that the search thread died, and in how many ms there is another
 */
export async function createSqliteChatStore(
  file: string,
  options: {
    onTrouble?: OnTrouble
    onIndexRenewed?: (reason: string) => void
    onSearchLost?: (error: unknown, againInMs: number) => void
  } = {},
): Promise<ChatStore> {
  const migrated = await openSqliteDatabase(file, 'chat', migrations)
  await migrated.destroy()
  const db = openSqlite(file, { readOnly: true, cache: LARGE_CACHE })
  const feed = createFeed(db)
  const senders = createSenderCache(db)
  const profiles = createProfileCache()
  const { onTrouble = () => {} } = options
  const writer = createWriter<ChatCommands>({
    file,
    name: 'chat',
    module: new URL('./commands.ts', import.meta.url),
    ...(options.onTrouble ? { onTrouble: options.onTrouble } : {}),
    onResult(name, value, args) {
      const result = value as Partial<Result<unknown>> | null | undefined
      senders.observe(result)
      profiles.observe(result)
      feed.emit(result?.committed ?? [])
      if (name === 'append' || name === 'change') search.mark()
      if (name === 'append') feed.emit(appended(args as NewMessage, result!.value as AppendOutcome))
    },
  })
  let forgetting = Promise.resolve()
  const forget = async (upTo: number) => {
    try {
      while ((await writer.call('forgetChanges', upTo)).value);
    } catch (error) {
      // They stay until the next time: nothing but their space depends on it.
      onTrouble('removing notes for the search index', error)
    }
  }
  const search = createSearch({
    file,
    newest: () => newest(db),
    forget: (upTo) => void (forgetting = forgetting.then(() => forget(upTo))),
    onFailed: (error) => onTrouble('indexing for search', error),
    onLost: options.onSearchLost ?? (() => {}),
    onRenewed: options.onIndexRenewed ?? (() => {}),
  })
  return {
    messages: createMessageLog(db, writer, search),
    rooms: { ...createRoomWrites(writer), ...createMemberships(db, senders), ...createRoomQueries(db) },
    feed,
    people: createPeople(db, writer, profiles),
    files: createFiles(db, writer),
    closures: createClosures(writer),
    outbox: createWriterOutbox(writer),
    prune: async (now) => void (await writer.call('pruneInbox', { now })),
    check: async () => void (await writer.call('probe', undefined)),
    async close() {
      await search.close()
      await forgetting
      // The last connection to close folds the WAL into the file.
      db.close()
      await writer.close()
    },
  }
}

/** The thread sends no message back to those who have it. */
const appended = (message: NewMessage, outcome: AppendOutcome): readonly Positioned[] =>
  typeof outcome === 'string' || 'repeated' in outcome ? [] : [committedMessage({ ...message, system: null }, outcome)]
