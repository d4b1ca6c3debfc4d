import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { joinStartupGarbage } from '@bigtech/kernel/startup-garbage'
import { plainError } from '@bigtech/sql/errors'
import { damageIn, damageOf, isDiskFull, makeAnew, MISSING, refuseOthers, whyAnew } from './file.ts'
import { openSearchIndex, type SearchIndex } from './index.ts'
import { REPORT_MS, type FromThread, type ThreadData, type ToThread } from './protocol.ts'
import { openChatSource, SourceError, type ChatSource } from './source.ts'

/**
 * Keeps the search index beside chat.db, in small steps. What is committed is indexed within about a quarter second; while so many messages
 * come that they need the processors themselves it takes only a little of them, until there is a pause or somebody searches.
 */

/** Messages indexed in one transaction: some milliseconds. */
const TOGETHER = 256
/** Steps of merging after each of those, which is as much as it makes necessary. */
const MERGES = 4
/** ms between two steps that nobody waits for: others are to have the disk as well. */
const PAUSE_MS = 4
/** Messages in one report, that is 5,000/s, above which indexing waits. */
const BUSY = 5_000 / (1_000 / REPORT_MS)
/** ms from the last write until what was seen is made durable. */
const DURABLE_AFTER_MS = 30_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000
/** On Linux a thread has a priority of its own: this one gives way to those that deliver messages. */
const NICE = 10

const { file, searchFile, since, ...start } = workerData as ThreadData
const port = parentPort!
const tell = (message: FromThread): void => port.postMessage(message)

/** So far an index can have come that is of this chat.db. */
let { known, made } = start
let source: ChatSource | undefined
let index: SearchIndex | undefined
/** Why the file must be made anew, and whether the others have let go of it. */
let anew: string | undefined
let release: 'no' | 'asked' | 'done' = 'no'
let suspect = false
let wanted = -1
let told = -1
let busyUntil = 0
let timer: NodeJS.Timeout | undefined
let durableTimer: NodeJS.Timeout | undefined
let retryMs = 0
let seen = 0

if (process.platform === 'linux') setPriority(NICE)
joinStartupGarbage()
port.on('message', receive)
work()

function receive(message: ToThread): void {
  if (message === null) return close()
  if ('made' in message) {
    if (message.made - made > BUSY) busyUntil = performance.now() + 2 * REPORT_MS
    made = message.made
    // After a fault it is tried again in its time.
    if (retryMs > 0) return
  } else if ('wanted' in message) wanted = message.wanted
  else if ('suspect' in message) suspect = true
  else release = 'done'
  work()
}

function work(): void {
  clearTimeout(timer)
  try {
    if (!isOpen()) return
    const more = step()
    retryMs = 0
    const busyFor = busyUntil - performance.now()
    if (more) plan(wanted > told ? 0 : PAUSE_MS)
    else if (busyFor > 0) plan(busyFor)
  } catch (error) {
    fail(error)
  }
}

function plan(ms: number): void {
  timer = setTimeout(work, ms)
}

/** @returns false while others still have a file open that must be made anew */
function isOpen(): boolean {
  source ??= openChatSource(file)
  if (index) return true
  refuseOthers(searchFile)
  anew ??= whyAnew(searchFile, source, known)
  if (anew !== undefined) {
    if (release !== 'done') {
      if (release === 'no') {
        release = 'asked'
        told = -1
        tell({ release: true })
      }
      return false
    }
    makeAnew(searchFile, source, since)
    release = 'no'
  }
  index = openSearchIndex(searchFile)
  if (anew !== undefined && (anew !== MISSING || index.place().reindex_mid > 0)) tell({ renewed: anew })
  anew = undefined
  return true
}

/** One part of what is to be done. @returns whether to go on */
function step(): boolean {
  const chat = source!
  const search = index!
  if (suspect) {
    suspect = false
    const damage = damageIn(searchFile)
    if (damage !== undefined) return renew(damage)
  }
  const upTo = Math.max(made, wanted)
  // Whoever takes a text back does not wait for a pause.
  const changes = chat.changes(search.place().last_change, TOGETHER)
  const changed = changes.last !== undefined
  if (changes.last) search.replace(changes.rows, changes.last)
  const rows = chat.after(search.place().indexed_mid, TOGETHER)
  if (rows.length > 0) search.add(rows)
  if (changed || rows.length > 0) mergeAndNote()
  const busy = performance.now() < busyUntil
  if (changes.full || rows.length === TOGETHER) return changes.full || !busy || wanted > told
  if (upTo > told) {
    told = upTo
    tell({ caughtUp: upTo })
  }
  if (busy) return false
  const { reindex_mid } = search.place()
  if (reindex_mid === 0) return search.merge()
  const old = chat.upTo(reindex_mid, TOGETHER)
  search.addOld(old)
  mergeAndNote()
  return true
}

function mergeAndNote(): void {
  for (let i = 0; i < MERGES && index!.merge(); i++);
  durableTimer ??= setTimeout(makeDurable, DURABLE_AFTER_MS)
}

/** Only then may chat.db forget which messages were changed. */
function makeDurable(): void {
  durableTimer = undefined
  if (!index) return
  try {
    const { last_change } = index.place()
    if (last_change === seen || !index.makeDurable()) return
    seen = last_change
    tell({ seen })
  } catch (error) {
    fail(error)
  }
}

function renew(reason: string): true {
  anew = reason
  closeIndex()
  return true
}

function fail(error: unknown): void {
  const damage = error instanceof SourceError ? undefined : damageOf(error)
  if (damage !== undefined && index && retryMs === 0) {
    renew(damage)
    retryMs = FIRST_RETRY_MS
    return plan(0)
  }
  // Opened anew it would want more space than it has.
  if (!isDiskFull(error)) closeIndex()
  wanted = told
  tell({ failed: plainError((error as Error).cause ?? error), first: retryMs === 0 })
  retryMs = Math.min(Math.max(2 * retryMs, FIRST_RETRY_MS), LAST_RETRY_MS)
  plan(retryMs)
}

function closeIndex(): void {
  try {
    if (index) known = { mid: index.place().indexed_mid, change: index.place().last_change }
    index?.close()
  } finally {
    index = undefined
  }
}

function close(): void {
  // An answer may still be on its way.
  port.off('message', receive)
  clearTimeout(timer)
  clearTimeout(durableTimer)
  makeDurable()
  clearTimeout(timer)
  closeIndex()
  source?.close()
  port.close()
}
