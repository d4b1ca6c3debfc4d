import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext } from 'node:test'
import { spawnProgram } from '@bigtech/testkit'
import { MAIN, PASSWORD, spawnServer, testEnv, type Message, type Person } from './index.ts'

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
  // One that comes up all the same. A busy machine takes its time to say no.
  const late = setTimeout(() => void program.kill('SIGKILL'), 60_000)
  const { code, signal } = await program.exited
  clearTimeout(late)
  const output = program.output()
  assert.equal(signal, null)
  assert.ok(code !== null && code > 0, `exit code ${code}`)
  assert.doesNotMatch(output, /^\s+at |node:internal|Error:/m, output)
  return output.split('\n').filter((line) => line.trim() !== '')
}

/** The ids of the messages whose MessageSent event is on the bus. */
export async function eventsOf(operator: Person, roomId: number): Promise<Set<string>> {
  const ids = new Set<string>()
  type Browse = { items: { value: Record<string, unknown> }[]; next_offset: number | null }
  for (let offset: number | null = 0; offset !== null;) {
    const query = `partition=${roomId % 10}&offset=${offset}&limit=500`
    const page: Browse = await operator.get<Browse>(`/ops/topics/message.events/messages?${query}`)
    for (const { value } of page.items)
      if (value['event_type'] === 'MessageSent' && value['room_id'] === roomId && value['message_type'] === 'text')
        ids.add(String(value['message_id']))
    offset = page.next_offset
  }
  return ids
}

/** `npm run admin -- create-admin`, on a folder without a server. */
export async function createAdmin(t: TestContext, dir: string): Promise<{ id: number; name: string; email: string }> {
  const email = 'operator@example.com'
  const program = await spawnProgram(t, {
    file: join(MAIN, '../admin.ts'),
    args: ['create-admin', '--email', email, '--username', 'operator', '--password', PASSWORD],
    env: testEnv(dir),
  })
  const { code } = await program.exited
  assert.equal(code, 0, program.output())
  return { id: 0, name: 'operator', email }
}
