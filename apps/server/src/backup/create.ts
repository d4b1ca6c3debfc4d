import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncFolder } from '@bigtech/files'
import { acquireFileLock, copyAtOneMoment, readDatabaseId } from '@bigtech/sql'
import { StartupError } from '../startup-error.ts'
import { writeArchive } from './archive.ts'
import { copyDuckdb, filesBelow, keep, sha256Of } from './files.ts'
import { MANIFEST, STATISTICS, type Manifest } from './manifest.ts'
import { dataFolderAround, realPlace, VERIFYING } from './place.ts'
import { whileTemporary } from './temporary.ts'

/** Where a backup is put together: in the data folder, so that files of people need no second room on the disk. */
const STAGE = '.backup'
/**
 * What needs not be in it: locks, letters that were sent (they hold links), the speech model (`npm run care:model` brings it back), the index of search, which
 * is made anew, and what is in it otherwise.
 */
const LEFT_OUT =
  /^(\.|lock\.db|mail$|models$|tls$|chat-search\.db|analytics\.duckdb|.*\.(tmp|log)|.*\.db-(wal|shm)$|.*\.damaged-)/

export type Created = Readonly<{
  file: string
  bytes: number
  files: number
  /** ms for which nobody could write. */
  heldMs: number
  /** What could not be had, and why. */
  warnings: readonly string[]
}>

/**
 * A backup of a data folder, of one moment, while its server runs or not.
 * @param options.to a file, or a folder in which it gets a name by the time
 * @param options.keep of those in the folder the newest stay, and the older ones go
 * @throws StartupError
 */
export async function createBackup(options: {
  dataDir: string
  to: string
  passphrase: string | undefined
  version: string
  now: Date
  keep?: number
}): Promise<Created> {
  const root = realPlace(options.dataDir)
  if (!existsSync(join(root, 'user.db'))) throw new StartupError(`There is nothing to back up in DATA_DIR ${root}.`)
  const file = await placeOf(options)
  const lock = acquireFileLock(join(root, '.backup.lock'))
  if (!lock) throw new StartupError(`Another backup of ${root} is under way.`)
  const stage = join(root, STAGE)
  await removeLeft(root, options.now)
  const make = async (): Promise<Created> => {
    await mkdir(stage, { mode: 0o700 })
    const { heldMs, warnings } = await gather(root, stage)
    const manifest = await describe(stage, options)
    await writeFile(join(stage, MANIFEST), JSON.stringify(manifest), { mode: 0o600 })
    const names = [MANIFEST, ...manifest.files.map(({ path }) => path)]
    const bytes = await writeArchive(file, { folder: stage, names, passphrase: options.passphrase })
    if (options.keep !== undefined && NAME.test(basename(file))) await rotate(dirname(file), options.keep)
    return { file, bytes, files: manifest.files.length, heldMs, warnings }
  }
  try {
    return await whileTemporary(stage, make)
  } finally {
    lock.release()
  }
}

async function gather(root: string, stage: string): Promise<{ heldMs: number; warnings: string[] }> {
  const warnings: string[] = []
  const entries = (await readdir(root, { withFileTypes: true })).filter(({ name }) => !LEFT_OUT.test(name))
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const databases = files.filter((name) => name.endsWith('.db')).toSorted()
  // Twice: what is taken away meanwhile was there before, and what is new is there after.
  await keepFolders(root, stage, folders)
  const heldMs = await copyAtOneMoment(databases.map((name) => ({ from: join(root, name), to: join(stage, name) })))
  if (heldMs === undefined)
    throw new StartupError(
      'The databases could not be locked together: the server is too busy. Try it again when it is less so.',
    )
  await keepFolders(root, stage, folders)
  for (const name of files.filter((one) => !databases.includes(one)))
    await copyFile(join(root, name), join(stage, name))
  if (!(await copyDuckdb(join(root, STATISTICS), join(stage, STATISTICS)))) {
    for (const suffix of ['', '.wal']) await rm(join(stage, STATISTICS + suffix), { force: true })
    warnings.push(
      'The statistics were written to all the time and are not in it; those of the last 7 days are made anew.',
    )
  }
  return { heldMs, warnings }
}

async function keepFolders(root: string, stage: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders)
    for (const name of await filesBelow(join(root, folder)))
      if (!isDraft(name)) await keep(join(root, folder, name), join(stage, folder, name))
}

/** Of an upload that is under way. */
const isDraft = (name: string): boolean => name.split(/[\\/]/).includes('tmp')

async function describe(stage: string, { version, now }: { version: string; now: Date }): Promise<Manifest> {
  const files: Manifest['files'] = []
  for (const path of await filesBelow(stage)) {
    const { size } = await stat(join(stage, path))
    files.push({ path, size, sha256: await sha256Of(join(stage, path)) })
  }
  const folder = readDatabaseId(join(stage, 'user.db')) ?? null
  return { format: 1, created_at: now.toISOString(), version, folder, files }
}

const NAME = /^bigtech-\d{4}-\d{2}-\d{2}T\d{6}\.\d{3}Z\.tar\.zst(\.age)?$/

async function placeOf({ to, now, passphrase }: { to: string; now: Date; passphrase: string | undefined }) {
  const place = realPlace(to)
  const around = dataFolderAround(place)
  if (around !== undefined)
    throw new StartupError(
      `${place} is in the data folder itself (${around}); choose a place outside, best on another disk.`,
    )
  const isFolder = to.endsWith('/') || (existsSync(place) && (await stat(place)).isDirectory())
  if (!isFolder) {
    if (existsSync(place)) throw new StartupError(`${place} is there already; backups are not written over.`)
    await mkdir(dirname(place), { recursive: true })
    return place
  }
  await mkdir(place, { recursive: true, mode: 0o700 })
  await removePartial(place, now)
  const time = now.toISOString().replaceAll(':', '')
  return join(place, `bigtech-${time}.tar.zst${passphrase === undefined ? '' : '.age'}`)
}

const DAY_MS = 86_400_000

/** Of one that was killed (kill -9, a power cut) a part may have stayed. */
async function removePartial(folder: string, now: Date): Promise<void> {
  const isPart = (name: string) => name.endsWith('.partial') && NAME.test(name.slice(0, -'.partial'.length))
  for (const name of await readdir(folder))
    if (isPart(name) && (await isOld(join(folder, name), now))) await rm(join(folder, name), { force: true })
}

/** The same in the data folder: what was gathered, of which there is one at a time, and what was unpacked to be looked at. */
async function removeLeft(root: string, now: Date): Promise<void> {
  await rm(join(root, STAGE), { recursive: true, force: true })
  for (const name of await readdir(root))
    if (name.startsWith(VERIFYING) && (await isOld(join(root, name), now)))
      await rm(join(root, name), { recursive: true, force: true })
}

/** Somebody may be at work with it. */
const isOld = async (place: string, now: Date): Promise<boolean> => (await stat(place)).mtimeMs < now.getTime() - DAY_MS

async function rotate(folder: string, most: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).toSorted()
  for (const name of names.slice(0, Math.max(0, names.length - most))) await rm(join(folder, name))
  await syncFolder(folder)
}

/** The version of the program, as backups have it. */
export async function versionOfProgram(): Promise<string> {
  const about = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return about.version
}
