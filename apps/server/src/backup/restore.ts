import { existsSync, statSync } from 'node:fs'
import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { renewEpoch } from '@bigtech/chat-service/adapters'
import { syncFolder } from '@bigtech/files'
import { createFileIdMark } from '@bigtech/user-service/adapters'
import { RESTORED } from '../data-dir.ts'
import { StartupError } from '../startup-error.ts'
import { isEncrypted, readArchive } from './archive.ts'
import { checkFolder, type Checked } from './check.ts'
import { filesBelow } from './files.ts'
import { MANIFEST, STATISTICS } from './manifest.ts'
import { dataFolderAround, realPlace, VERIFYING } from './place.ts'
import { inTemporaryFolder } from './temporary.ts'

type Source = Readonly<{ file: string; passphrase: string | undefined }>

/**
 * Unpacks a backup, looks at all of it, and removes that again. Beside itself; of an encrypted one in the data folder, if there is one: nobody else is to read it.
 * @throws StartupError
 */
export async function verifyBackup({ file, passphrase, dataDir }: Source & { dataDir: string }): Promise<Checked> {
  if (!existsSync(file)) throw new StartupError(`There is no backup ${file}.`)
  const isHidden = (await isEncrypted(file)) && existsSync(dataDir)
  const prefix = isHidden ? join(realPlace(dataDir), VERIFYING) : `${resolve(file)}${VERIFYING}`
  return inTemporaryFolder(prefix, async (place) => {
    await readArchive(file, { into: place, passphrase })
    return checkFolder(place)
  })
}

/**
 * Puts a backup into an empty place. All of it is looked at before anything is there under its name, so that it is whole or not there at all. Of a disk of its
 * own (a volume) the folder cannot be exchanged: `identity.json` is there first, so that a server notices what is missing if it is broken off.
 * @throws StartupError
 */
export async function restoreBackup({ file, passphrase, to }: Source & Readonly<{ to: string }>): Promise<Checked> {
  if (!existsSync(file)) throw new StartupError(`There is no backup ${file}.`)
  const target = realPlace(to)
  const around = dataFolderAround(dirname(target))
  if (around !== undefined)
    throw new StartupError(`${target} is within the data folder ${around}; choose a place outside.`)
  await mkdir(dirname(target), { recursive: true })
  const isVolume = existsSync(target) && statSync(target).dev !== statSync(dirname(target)).dev
  if (!(await isEmpty(target)))
    throw new StartupError(
      `${target} is not empty. Move it away first (mv ${target} ${target}.old), or name another folder with --to.`,
    )
  return inTemporaryFolder(isVolume ? join(target, '.restoring-') : `${target}.restoring-`, async (place) => {
    await readArchive(file, { into: place, passphrase })
    const checked = await checkFolder(place)
    // The server makes them anew from the events.
    if (checked.lacks.some((one) => one.startsWith(STATISTICS)))
      await rename(join(place, STATISTICS), join(place, `${STATISTICS}.damaged-${Date.now()}`))
    await rename(join(place, MANIFEST), join(place, RESTORED))
    await beAnother(place)
    for (const path of await filesBelow(place)) await sync(join(place, path))
    if (isVolume) await moveInto(target, place)
    // In the place of an empty folder, and of no other: what came into it meanwhile stays.
    else await rename(place, target)
    await syncFolder(dirname(target))
    return checked
  })
}

const LEFT_BY_SYSTEMS = ['lost+found']

async function isEmpty(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return true
  if (!statSync(folder).isDirectory()) throw new StartupError(`${folder} is no folder.`)
  const names = await readdir(folder)
  return names.every((name) => LEFT_BY_SYSTEMS.includes(name) || name.startsWith('.restoring-'))
}

const FIRST = 'identity.json'

async function moveInto(target: string, place: string): Promise<void> {
  const names = await readdir(place)
  for (const name of names.toSorted((a, b) => Number(b === FIRST) - Number(a === FIRST)))
    await rename(join(place, name), join(target, name))
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
