import assert from 'node:assert/strict'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { eventually, tempDir } from '@bigtech/testkit'
import { openSqlite } from '@bigtech/sql'
import type { MessageChange } from '../../../domain/message.ts'
import type { MessageLog } from '../../../ports.ts'
import { change, group, send, text, traceparent } from '../../chat-store.fixture.ts'
import { createSqliteChatStore } from '../store.ts'
import { ftsQuery } from './terms.ts'

/** A data folder with a chat.db. */
export function folder(t: TestContext) {
  const dir = tempDir(t)
  const path = (name: string) => join(dir, name)
  return {
    path,
    file: path('chat.db'),
    searchFile: path('chat-search.db'),
    /** A store, what it said of its index, what of faults, and in how many ms it said there is another search thread. */
    open: async () => {
      const renewed: string[] = []
      const troubles: string[] = []
      const faults: unknown[] = []
      const pauses: number[] = []
      const store = await createSqliteChatStore(path('chat.db'), {
        onIndexRenewed: (reason) => renewed.push(reason),
        onTrouble: (what, error) => {
          troubles.push(what)
          faults.push(error)
        },
        onSearchLost: (_error, againInMs) => pauses.push(againInMs),
      })
      let closing: Promise<void> | undefined
      const close = () => (closing ??= store.close())
      t.after(close)
      return { ...store, renewed, troubles, faults, pauses, close }
    },
    /** Of a store at rest. */
    copy: (from: string, to: string) => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(path(to + suffix), { force: true })
      copyFileSync(path(from), path(to))
    },
  }
}

export type Folder = ReturnType<typeof folder>

export const say = (store: Parameters<typeof send>[0], room_id: number, content: string) =>
  send(store, text(room_id, 1, content))

export const refused = (error: unknown): boolean => error instanceof AppError && error.code === 'STORAGE_UNAVAILABLE'

type Store = { messages: Pick<MessageLog, 'search' | 'change'> }

/** What user 1 finds, newest first. */
export const find = async ({ messages }: Store, word: string): Promise<string[]> =>
  (await messages.search({ user_id: 1, words: [word], room_id: null, before: null, limit: 10_000 }))!.map(
    ({ row }) => row.content,
  )

export const finds = (store: Store, word: string, expected: readonly string[]): Promise<void> =>
  eventually(async () => assert.deepEqual(await find(store, word), expected))

export const alter = ({ messages }: Store, room_id: number, seq: number, how: MessageChange) =>
  messages.change({
    ...change(1),
    room_id,
    seq,
    change: how,
    actor: { user_id: 1, role: 'owner', room_type: 'group' },
    traceparent,
  })

/** Entries of the index itself of a store at rest, which no check against the text has seen: how many hold the word. */
export function entries(searchFile: string, word: string, room_id: number): number {
  const db = openSqlite(searchFile, { readOnly: true })
  try {
    const query = db.prepare('SELECT count(*) AS n FROM messages_fts WHERE messages_fts MATCH ?')
    return Number(query.get(ftsQuery([word], [room_id]))!['n'])
  } finally {
    db.close()
  }
}

/** Three messages, of which one was edited and one deleted. */
export async function conversation(store: Awaited<ReturnType<Folder['open']>>): Promise<number> {
  const room_id = await group(store, [2])
  await say(store, room_id, '김치 하나')
  const { row: edited } = await say(store, room_id, '배추 둘')
  const { row: deleted } = await say(store, room_id, '김치 셋')
  await alter(store, room_id, edited.seq, { kind: 'edit', content: '김치 둘' })
  await alter(store, room_id, deleted.seq, { kind: 'delete' })
  assert.deepEqual(await find(store, '김치'), ['김치 둘', '김치 하나'])
  return room_id
}
