import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { probeReads, readDatabaseId, writeDatabaseId } from '@bigtech/sql'
import type { DataDir } from './data-dir.ts'
import { StartupError } from './startup-error.ts'

/**
 * The databases of one data folder belong together: an account of one is the author of messages in another. So they carry one id, and the
 * folder remembers which of them it has. One that is missing, emptied or of another folder is noticed before anything is opened: a service that
 * began anew beside the others would give old ids to new people, and with them what is not theirs.
 */
const IDENTITY = 'identity.json'

/** Without one of them the others hold what belongs to nobody, or to the wrong people. */
const PEOPLE: readonly string[] = ['user.db', 'friend.db', 'chat.db']
/** That folders of before do not have: what is lost with one of them is nobody else's. */
const LATER: readonly string[] = ['notification.db', 'ai.db']

type Identity = Readonly<{ id: number; databases: readonly string[] }>

/**
 * @param names file names of the databases that will be opened
 * @param acceptLoss go on without what is missing, and with what is foreign
 * @returns to be called once all are open: marks them as this folder's
 * @throws StartupError naming each file and what to do
 */
export function checkDatabases(
  data: DataDir,
  names: readonly string[],
  { acceptLoss, warn }: { acceptLoss: boolean; warn: (text: string) => void },
): () => void {
  const known = readIdentity(data)
  const found = new Map(names.filter((name) => existsSync(data.path(name))).map((name) => [name, look(data, name)]))
  const marked = [...found.values()].flatMap((state) => ('id' in state && state.id !== undefined ? [state.id] : []))
  const id = known?.id ?? marked[0] ?? randomInt(1, 2 ** 31)
  const expected = known?.databases ?? expectedWith([...found.keys()], names, marked.length > 0)
  /** A first start was killed before it had written anything into it. */
  const isBegun = (name: string): boolean => {
    const state = found.get(name)
    return state !== undefined && 'empty' in state && known !== undefined && !known.databases.includes(name)
  }
  const problems = names.flatMap((name): string[] => {
    const state = found.get(name)
    if (!state || isBegun(name)) return expected.includes(name) ? [`${name} is missing`] : []
    if ('problem' in state) return [`${name} ${state.problem}`]
    if (state.id === undefined && known?.databases.includes(name)) return [`${name} is not the one that was here`]
    if (state.id !== undefined && state.id !== id) return [`${name} belongs to another data folder`]
    return []
  })
  if (problems.length > 0 && !acceptLoss)
    throw new StartupError(
      `DATA_DIR ${data.path()} is not complete: ${problems.join('; ')}. Restore the whole folder from a backup, or start with ` +
        '--accept-loss to go on without what is lost.',
    )
  for (const problem of problems) warn(`started with --accept-loss: ${problem}`)
  for (const [name, state] of found) if ('problem' in state && !isBegun(name)) setAside(data, name, warn)
  // A first start that is killed half-way has made some of the databases and not the others.
  if (!known) writeIdentity(data, { id, databases: [] })

  return () => {
    for (const name of names) if (readDatabaseId(data.path(name)) !== id) writeDatabaseId(data.path(name), id)
    writeIdentity(data, { id, databases: names })
  }
}

/** What must be there, of a folder that does not say so: its identity was not copied, or a version from before wrote it. */
function expectedWith(found: readonly string[], names: readonly string[], marked: boolean): readonly string[] {
  if (marked) return names.filter((name) => !LATER.includes(name))
  return found.some((name) => PEOPLE.includes(name)) ? PEOPLE : []
}

type State = Readonly<{ id: number | undefined } | { problem: string } | { problem: string; empty: true }>

function look(data: DataDir, name: string): State {
  const file = data.path(name)
  try {
    if (statSync(file).size === 0) return { problem: 'is empty', empty: true }
    const id = readDatabaseId(file)
    probeReads(file)
    return { id }
  } catch (error) {
    return { problem: `cannot be read (${reasonOf(error)})` }
  }
}

/** Kept, for whoever wants to save what can be saved of it. */
function setAside(data: DataDir, name: string, warn: (text: string) => void): void {
  const aside = `${name}.damaged-${Date.now()}`
  renameSync(data.path(name), data.path(aside))
  for (const suffix of ['-wal', '-shm']) rmSync(data.path(`${name}${suffix}`), { force: true })
  warn(`${name} was set aside as ${aside}`)
}

function readIdentity(data: DataDir): Identity | undefined {
  if (!existsSync(data.path(IDENTITY))) return undefined
  try {
    const { id, databases } = JSON.parse(readFileSync(data.path(IDENTITY), 'utf8')) as Partial<Identity>
    if (Number.isSafeInteger(id) && Array.isArray(databases)) return { id: id!, databases }
  } catch {
    // Told below, as what it is.
  }
  throw new StartupError(
    `${data.path(IDENTITY)} cannot be read. Restore it from a backup, or delete it if the databases beside it belong together.`,
  )
}

function writeIdentity(data: DataDir, identity: Identity): void {
  const text = `${JSON.stringify(identity)}\n`
  const file = data.path(IDENTITY)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(`${file}.tmp`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.tmp`, file)
}

/** SQLite's words, without what wraps them. */
export const reasonOf = (error: unknown): string => {
  const { cause } = error as { cause?: unknown }
  const inner = cause instanceof Error ? cause : error
  return inner instanceof Error ? inner.message : String(inner)
}
