import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { DatabaseSync } from 'node:sqlite'
import { joinStartupGarbage } from '@bigtech/kernel/startup-garbage'
import { plainError } from './errors.ts'
import { LARGE_CACHE, openSqlite } from './open.ts'
import type { Batch, BatchResult, WriterProgram } from './writer-protocol.ts'

/** Bounds the time one commit takes, and so the latency of those who wait: while one is written, the next is gathered. */
const MAX_COMMANDS_PER_COMMIT = 160

const { file, module } = workerData as { file: string; module: string }
const db = openSqlite(file, { cache: LARGE_CACHE })
// What the checkpoints beside it (checkpoints.ts) leave; alone it would stop every commit of each 4 MB.
db.exec('PRAGMA wal_autocheckpoint=16000')
const { createProgram } = (await import(module)) as { createProgram: (db: DatabaseSync) => WriterProgram }
const program = createProgram(db)
const commands = program.commands as Record<string, (args: unknown) => unknown>
const begin = db.prepare('BEGIN IMMEDIATE')
const commit = db.prepare('COMMIT')
const savepoint = db.prepare('SAVEPOINT command')
const release = db.prepare('RELEASE command')
const undo = db.prepare('ROLLBACK TO command')

joinStartupGarbage()

let waiting: Batch = []
let closing = false

parentPort!.on('message', (first: Batch | null) => {
  take(first)
  while (waiting.length > 0) {
    const batch = waiting.length > MAX_COMMANDS_PER_COMMIT ? waiting.splice(0, MAX_COMMANDS_PER_COMMIT) : waiting
    if (batch === waiting) waiting = []
    parentPort!.postMessage(runBatch(batch))
    gather()
  }
  if (!closing) return
  db.close()
  parentPort!.close()
})

function take(batch: Batch | null): void {
  if (batch === null) closing = true
  else if (waiting.length === 0) waiting = batch
  else waiting.push(...batch)
}

function gather(): void {
  while (!closing && waiting.length < MAX_COMMANDS_PER_COMMIT) {
    const more = receiveMessageOnPort(parentPort!)
    if (!more) return
    take(more.message as Batch | null)
  }
}

/** All commands in one transaction; if one fails, again with a savepoint each, so that it alone is undone. */
function runBatch(batch: Batch): BatchResult {
  try {
    begin.run()
    const results = batch.map(([name, args]): BatchResult[number] => [true, commands[name]!(args)])
    program.beforeCommit?.()
    commit.run()
    return results
  } catch {
    // Whose command failed, and with what, the second run tells.
    rollback()
    return runOneByOne(batch)
  }
}

function runOneByOne(batch: Batch): BatchResult {
  try {
    begin.run()
    const results = batch.map(runCommand)
    commit.run()
    return results
  } catch (error) {
    rollback()
    const plain = plainError(error)
    return batch.map(() => [false, plain])
  }
}

function runCommand([name, args]: Batch[number]): BatchResult[number] {
  savepoint.run()
  try {
    const value = commands[name]!(args)
    program.beforeCommit?.()
    release.run()
    return [true, value]
  } catch (error) {
    // Some faults (disk full, I/O) make SQLite roll the whole transaction back by itself: then nobody's command is kept.
    if (!db.isTransaction) throw error
    undo.run()
    release.run()
    program.afterRollback?.()
    return [false, plainError(error)]
  }
}

function rollback(): void {
  if (db.isTransaction) db.exec('ROLLBACK')
  program.afterRollback?.()
}
