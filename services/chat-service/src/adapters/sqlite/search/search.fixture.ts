import assert from 'node:assert/strict'
import { eventually } from '@bigtech/testkit'
import { openSqlite } from '@bigtech/sql'
import type { MessageChange } from '../../../domain/message.ts'
import type { MessageLog } from '../../../ports.ts'
import { change, traceparent } from '../../chat-store.fixture.ts'
import { ftsQuery } from './terms.ts'

type Store = { messages: Pick<MessageLog, 'search' | 'change'> }

/** What user 1 finds, newest first. */
export const find = async ({ messages }: Store, word: string): Promise<string[]> =>
  (await messages.search({ user_id: 1, words: [word], room_id: null, before: null, limit: 10_000 })).map(
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
