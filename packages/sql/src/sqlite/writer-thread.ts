import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { DatabaseSync } from 'node:sqlite'
import { openSqlite } from './open.ts'

/** [call id, command, arguments] */
export type Batch = [number, string, unknown][]
/** [call id, ok, result or plain error] */
export type BatchResult = [number, boolean, unknown][]

/** Bounds the time one commit takes, and so the latency of those who wait. */
const MAX_COMMANDS_PER_COMMIT = 1_000

const { file, module } = workerData as { file: string; module: string }
const db = openSqlite(file)
const { createCommands, createIdleWork } = (await import(module)) as {
  createCommands: (db: DatabaseSync) => Record<string, (args: unknown) => unknown>
  /** Background work in small transactions of its own, when no command waits; returns whether more is left. */
  createIdleWork?: (db: DatabaseSync) => () => boolean
}
const commands = createCommands(db)
const idleWork = createIdleWork?.(db)
let idleTimer: NodeJS.Immediate | undefined
const begin = db.prepare('BEGIN IMMEDIATE')
const commit = db.prepare('COMMIT')
const savepoint = db.prepare('SAVEPOINT command')
const release = db.prepare('RELEASE command')
const undo = db.prepare('ROLLBACK TO command')

parentPort!.on('message', (first: Batch | null) => {
  let closing = first === null
  const batch = first ?? []
  while (!closing && batch.length < MAX_COMMANDS_PER_COMMIT) {
    const more = receiveMessageOnPort(parentPort!)
    if (!more) break
    if (more.message === null) closing = true
    else batch.push(...more.message)
  }
  if (batch.length > 0) parentPort!.postMessage(runBatch(batch))
  if (!closing) return scheduleIdleWork()
  clearImmediate(idleTimer)
  db.close()
  parentPort!.close()
})

function scheduleIdleWork(): void {
  if (!idleWork || idleTimer) return
  idleTimer = setImmediate(() => {
    idleTimer = undefined
    try {
      if (idleWork()) scheduleIdleWork()
    } catch {
      // The disk may be full: the work stays where it is and goes on after the next command.
      if (db.isTransaction) db.exec('ROLLBACK')
    }
  })
}

function runBatch(batch: Batch): BatchResult {
  try {
    begin.run()
    const results = batch.map(runCommand)
    commit.run()
    return results
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    const plain = plainError(error)
    return batch.map(([id]) => [id, false, plain])
  }
}

function runCommand([id, name, args]: Batch[number]): BatchResult[number] {
  savepoint.run()
  try {
    const value = commands[name]!(args)
    release.run()
    return [id, true, value]
  } catch (error) {
    // Some faults (disk full, I/O) make SQLite roll the whole transaction back by itself: then nobody's command is kept.
    if (!db.isTransaction) throw error
    undo.run()
    release.run()
    return [id, false, plainError(error)]
  }
}

function plainError(error: unknown): unknown {
  const e = error as Error & { errcode?: number }
  return { message: e.message, stack: e.stack, ...(e.errcode === undefined ? {} : { errcode: e.errcode }) }
}
