import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { spawnProgram, tempDir, type Cleanup } from '@bigtech/testkit'
import { isUniqueViolation } from '../errors.ts'
import { openSqlite } from './open.ts'
import type { FixtureCommands } from './writer-commands.fixture.ts'
import { createWriter } from './writer.ts'

const module = new URL('./writer-commands.fixture.ts', import.meta.url)
const crashProgram = join(import.meta.dirname, 'writer-crash.fixture.ts')

function newFile(t: Cleanup): string {
  const file = join(tempDir(t), 'rows.db')
  const db = openSqlite(file)
  db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)')
  db.close()
  return file
}

function setup(t: Cleanup, onResult?: (name: string, value: unknown) => void) {
  const file = newFile(t)
  const writer = createWriter<FixtureCommands>({
    file,
    module,
    name: 'test',
    ...(onResult ? { onResult } : {}),
  })
  t.after(() => writer.close())
  const reader = openSqlite(file, { readOnly: true })
  t.after(() => reader.close())
  const select = reader.prepare('SELECT id FROM rows ORDER BY id')
  return { writer, reader, ids: () => select.all().map((row) => Number(row['id'])), file }
}

const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof AppError, String(error))
  assert.equal(error.code, expected)
  return true
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

test('concurrent calls share commits, run in call order, and each resolves with its own result', async (t) => {
  const { writer, ids } = setup(t)
  await writer.call('commits', undefined)
  const before = await writer.call('commits', undefined)
  const results = await Promise.all(upTo(500).map(() => writer.call('next', undefined)))
  assert.deepEqual(results, upTo(500))
  assert.deepEqual(ids(), upTo(500))
  const commits = (await writer.call('commits', undefined)) - before
  assert.ok(commits <= 50, `${commits} commits for 500 calls`)
})

test('a call resolves only after its commit: another connection sees the row', async (t) => {
  const { writer, reader } = setup(t)
  const find = reader.prepare('SELECT count(*) AS n FROM rows WHERE id = ?')
  const check = async (id: number) => {
    await writer.call('insert', { id })
    assert.equal(find.get(id)!['n'], 1)
  }
  await Promise.all(upTo(200).map(check))
})

test('a command that throws leaves nothing, and disturbs nobody', async (t) => {
  const { writer, ids } = setup(t)
  const results = await Promise.allSettled(
    upTo(60).map((id) => writer.call(id % 3 === 0 ? 'insertThenThrow' : 'insert', { id })),
  )
  for (const [i, result] of results.entries()) {
    if ((i + 1) % 3 === 0)
      assert.match(String((result as PromiseRejectedResult).reason), new RegExp(`refused ${i + 1}`))
    else assert.equal((result as PromiseFulfilledResult<number>).value, i + 1)
  }
  assert.deepEqual(
    ids(),
    upTo(60).filter((id) => id % 3 !== 0),
  )
})

test('a broken constraint is recognised on this side of the thread', async (t) => {
  const { writer } = setup(t)
  await writer.call('insert', { id: 1 })
  await assert.rejects(writer.call('insert', { id: 1 }), isUniqueViolation)
})

test('the connection is durable: WAL with synchronous=FULL', async (t) => {
  const { writer } = setup(t)
  assert.equal(await writer.call('pragma', { name: 'journal_mode' }), 'wal')
  assert.equal(await writer.call('pragma', { name: 'synchronous' }), 2)
})

test('what messages wait for keeps 16 MB of pages, every other connection 4', async (t) => {
  const { writer, reader } = setup(t)
  assert.equal(await writer.call('pragma', { name: 'cache_size' }), -16_000)
  assert.equal(reader.prepare('PRAGMA cache_size').get()!['cache_size'], -4_000)
})

test('onResult sees the successes in commit order, before the callers', async (t) => {
  const seen: unknown[] = []
  const { writer } = setup(t, (name, value) => seen.push(`${name} ${String(value)}`))
  const calls = [
    writer.call('insert', { id: 2 }),
    writer.call('insertThenThrow', { id: 3 }),
    writer.call('insert', { id: 1 }),
  ]
  for (const call of calls) void call.then((value) => seen.push(`caller ${value}`)).catch(() => seen.push('refused'))
  await Promise.allSettled(calls)
  assert.deepEqual(seen.slice(0, 2), ['insert 2', 'insert 1'])
  assert.deepEqual(seen.slice(2).map(String).sort(), ['caller 1', 'caller 2', 'refused'])
})

test('close waits for what was called before it; what comes after is refused', async (t) => {
  const { writer, ids } = setup(t)
  const calls = upTo(100).map((id) => writer.call('insert', { id }))
  assert.equal(writer.pending(), 100)
  await writer.close()
  await Promise.all(calls)
  assert.deepEqual(ids(), upTo(100))
  await assert.rejects(writer.call('insert', { id: 101 }), /stopped/)
  await writer.close()
})

test('too many waiting calls are refused at once', async (t) => {
  const { writer } = setup(t)
  const calls = upTo(100_000).map((id) => writer.call('insert', { id }))
  await assert.rejects(writer.call('insert', { id: 0 }), code('STORAGE_BUSY'))
  await Promise.all(calls)
  await writer.call('insert', { id: 0 })
})

test('a thread that dies rejects those who wait, and everyone after', async (t) => {
  const { writer } = setup(t)
  const waiting = [writer.call('end', undefined), writer.call('insert', { id: 1 })]
  for (const call of waiting) await assert.rejects(call, /stopped \(9\)/)
  await assert.rejects(writer.call('insert', { id: 2 }), /stopped/)
})

test('a full file is STORAGE_UNAVAILABLE, loses nothing acknowledged, and is over when there is room', async (t) => {
  const { writer, ids } = setup(t)
  await writer.call('limitPages', { pages: 20 })
  const body = 'x'.repeat(2_000)
  const insert = (id: number) => writer.call('insert', { id, body })
  const results = await Promise.allSettled(upTo(100).map(insert))
  const acknowledged = upTo(100).filter((id) => results[id - 1]!.status === 'fulfilled')
  const refused = results.filter((result) => result.status === 'rejected')
  assert.ok(refused.length > 0)
  for (const { reason } of refused) code('STORAGE_UNAVAILABLE')(reason)
  assert.deepEqual(ids(), acknowledged)
  const large = writer.call('insert', { id: 101, body: 'x'.repeat(200_000) })
  await assert.rejects(large, code('STORAGE_UNAVAILABLE'))
  await writer.call('limitPages', { pages: 1_000_000 })
  assert.equal(await insert(102), 102)
  assert.deepEqual(ids(), [...acknowledged, 102])
})

const acksIn = (output: string) => [...output.matchAll(/^ack (\d+)$/gm)].map((match) => Number(match[1]))

test('kill -9: every acknowledged row is there', async (t) => {
  for (const enough of [50, 400, 1_100]) {
    const file = newFile(t)
    const program = await spawnProgram(t, { file: crashProgram, args: [file] })
    await program.line(new RegExp(`^ack ${enough}$`))
    await program.kill('SIGKILL')
    const acknowledged = acksIn(program.output())
    assert.ok(acknowledged.length >= enough)
    const db = openSqlite(file)
    const kept = new Set(
      db
        .prepare('SELECT id FROM rows')
        .all()
        .map((row) => Number(row['id'])),
    )
    assert.equal(db.prepare('PRAGMA integrity_check').get()!['integrity_check'], 'ok')
    db.close()
    for (const id of acknowledged) assert.ok(kept.has(id), `row ${id} was acknowledged and is lost`)
  }
})

test('a really full disk (a small tmpfs) is survived in the same process', (t) => {
  const mounts = (script: string, ...args: string[]) =>
    spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-ec', script, 'sh', ...args], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    })
  const dir = tempDir(t)
  if (mounts('mount -t tmpfs -o size=1m tmpfs "$1"', dir).status !== 0) {
    t.skip('this machine does not let a test mount a file system')
    return
  }
  const script = `mount -t tmpfs -o size=8m tmpfs "$1"; cd "$1"
    "$2" -e "const { DatabaseSync } = require('node:sqlite'); new DatabaseSync('rows.db').exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)')"
    head -c 6000000 /dev/zero > ballast
    "$2" "$3" rows.db ballast
    "$2" -e "const { DatabaseSync } = require('node:sqlite'); console.log('kept ' + new DatabaseSync('rows.db').prepare('SELECT group_concat(id) AS ids FROM rows').get().ids)"`
  const { stdout, stderr, status } = mounts(script, dir, process.execPath, crashProgram)
  assert.equal(status, 0, stderr)
  assert.match(stdout, /^full STORAGE_UNAVAILABLE$/m)
  assert.match(stdout, /^end$/m)
  const kept = new Set(/^kept (.*)$/m.exec(stdout)![1]!.split(',').map(Number))
  const acknowledged = acksIn(stdout)
  assert.ok(acknowledged.length > 200)
  for (const id of acknowledged) assert.ok(kept.has(id), `row ${id} was acknowledged and is lost`)
})
