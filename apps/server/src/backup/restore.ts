import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { RESTORED } from '../data-dir.ts'
import { renewEpoch } from '@bigtech/chat-service/adapters'
import { createFileIdMark } from '@bigtech/user-service/adapters'
import { StartupError } from '../startup-error.ts'
import { readArchive, syncFolder } from './archive.ts'
import { checkFolder } from './check.ts'
import { filesBelow } from './files.ts'
import { MANIFEST, type Manifest } from './manifest.ts'

type Source = Readonly<{ file: string; passphrase: string | undefined }>

/** Unpacks a backup beside itself, looks at all of it, and removes that again. @throws StartupError */
export async function verifyBackup({ file, passphrase }: Source): Promise<Manifest> {
  if (!existsSync(file)) throw new StartupError(`There is no backup ${file}.`)
  const place = await mkdtemp(`${resolve(file)}.verify-`).catch((error: unknown) => {
    throw new StartupError(`There is no room to unpack it: ${error instanceof Error ? error.message : String(error)}`)
  })
  try {
    await readArchive(file, { into: place, passphrase })
    return await checkFolder(place)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/**
 * Puts a backup into an empty place. All of it is looked at before anything is there under its name, so that it is whole or not there at all.
 * @throws StartupError
 */
export async function restoreBackup({ file, passphrase, to }: Source & Readonly<{ to: string }>): Promise<Manifest> {
  if (!existsSync(file)) throw new StartupError(`There is no backup ${file}.`)
  const target = resolve(to)
  if (existsSync(target) && (await readdir(target)).length > 0)
    throw new StartupError(
      `${target} is not empty. Move it away first (mv ${target} ${target}.old), or name another folder with --to.`,
    )
  const place = `${target}.restoring`
  await rm(place, { recursive: true, force: true })
  await mkdir(place, { recursive: true, mode: 0o700 })
  try {
    await readArchive(file, { into: place, passphrase })
    const manifest = await checkFolder(place)
    await rename(join(place, MANIFEST), join(place, RESTORED))
    await beAnother(place)
    for (const path of await filesBelow(place)) await sync(join(place, path))
    await rm(target, { recursive: true, force: true })
    await rename(place, target)
    await syncFolder(dirname(target))
    return manifest
  } catch (error) {
    await rm(place, { recursive: true, force: true })
    throw error
  }
}

/** People who came after the backup and are gone had ids that nobody may ever have again. */
const IDS_PASSED_OVER = 1_000_000

/** What was since the backup is gone: nobody goes on from it, and nobody gets what was somebody's. */
async function beAnother(folder: string): Promise<void> {
  renewEpoch(join(folder, 'chat.db'))
  const mark = createFileIdMark(join(folder, 'user-ids'))
  await mark.raise(mark.current() + IDS_PASSED_OVER)
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
