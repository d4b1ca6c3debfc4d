import type { Message, Person } from './index.ts'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext } from 'node:test'

export function dataDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'bigtech-process-'))
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  return dir
}

/** Rows no relay has published. */
export function outboxRows(dir: string): number {
  let rows = 0
  for (const name of readdirSync(dir).filter((file) => file.endsWith('.db'))) {
    const db = new DatabaseSync(join(dir, name), { readOnly: true })
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'outbox'").get())
      rows += (db.prepare('SELECT count(*) AS n FROM outbox').get() as { n: number }).n
    db.close()
  }
  return rows
}

/** The whole log of a room, in order. */
export async function messagesOf(who: Person, roomId: number): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const { items, has_after } = await who.get<{ items: Message[]; has_after: boolean }>(
      `/messages/${roomId}?after_seq=${all.at(-1)?.seq ?? 0}&limit=200`,
    )
    all.push(...items)
    if (!has_after || items.length === 0) return all
  }
}
