import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext } from 'node:test'
import { spawnServer, type Message, type Person } from './index.ts'

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

/** Starts a server that must not come up. @returns what it said, without empty lines */
export async function refusesToStart(t: TestContext, env: Record<string, string>): Promise<string[]> {
  const program = await spawnServer(t, env, { ready: false })
  const late = setTimeout(() => void program.kill('SIGKILL'), 20_000)
  const { code, signal } = await program.exited
  clearTimeout(late)
  const output = program.output()
  assert.equal(signal, null)
  assert.ok(code !== null && code > 0, `exit code ${code}`)
  assert.doesNotMatch(output, /^\s+at |node:internal|Error:/m, output)
  return output.split('\n').filter((line) => line.trim() !== '')
}
