import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createDuckdbFactStore } from '@bigtech/analytics-service/adapters'
import { blobsNamedIn } from '@bigtech/chat-service/adapters'
import { createDiskBlobStore } from '@bigtech/files'
import { checkIntegrity } from '@bigtech/sql'
import { StartupError } from '../startup-error.ts'
import { filesBelow, sha256Of } from './files.ts'
import { MANIFEST, readManifest, STATISTICS, type Manifest } from './manifest.ts'

/** What was unpacked, and what it lacks: that is no reason to refuse all of it to somebody who has nothing else. */
export type Checked = Readonly<{ manifest: Manifest; lacks: readonly string[] }>

/**
 * Whether what was unpacked is what was packed, and can be used: every file by its hash, none too many, every page of the databases, all of one folder. Files of
 * messages that were lost before, and statistics that do not open, are told.
 * @throws StartupError that names all that is wrong
 */
export async function checkFolder(folder: string): Promise<Checked> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => {
    throw new StartupError('The backup is damaged, or is none: it has no manifest.')
  })
  const manifest = readManifest(text)
  const known = new Set([MANIFEST, ...manifest.files.map(({ path }) => path)])
  const problems = (await filesBelow(folder)).filter((path) => !known.has(path)).map((path) => `${path} is not of it`)
  for (const { path, size, sha256 } of manifest.files) {
    const found = await stat(join(folder, path)).catch(() => undefined)
    if (!found) problems.push(`${path} is missing`)
    else if (found.size !== size) problems.push(`${path} has ${found.size} bytes instead of ${size}`)
    else if ((await sha256Of(join(folder, path))) !== sha256) problems.push(`${path} was changed`)
  }
  if (problems.length === 0) problems.push(...problemsWithin(folder, manifest))
  if (problems.length > 0) throw new StartupError(`The backup cannot be used: ${problems.join('; ')}.`)
  return { manifest, lacks: [...(await missingBlobs(folder)), ...(await problemsOfStatistics(folder))] }
}

function problemsWithin(folder: string, manifest: Manifest): string[] {
  const problems: string[] = []
  for (const { path } of manifest.files.filter(({ path: name }) => /^[^/]+\.db$/.test(name))) {
    const found = checkIntegrity(join(folder, path))
    if ('problem' in found) problems.push(`${path}: ${found.problem}`)
    else if (found.id !== undefined && manifest.folder !== null && found.id !== manifest.folder)
      problems.push(`${path} is of another folder`)
  }
  return problems
}

async function missingBlobs(folder: string): Promise<string[]> {
  const blobs = await createDiskBlobStore(join(folder, 'blobs', 'chat'))
  const missing: string[] = []
  for (const key of blobsNamedIn(join(folder, 'chat.db')))
    if (!(await blobs.exists(key))) missing.push(`the uploaded file ${key} is missing`)
  return missing
}

/** Those of another version, too, are made anew by the server. */
async function problemsOfStatistics(folder: string): Promise<string[]> {
  const file = join(folder, STATISTICS)
  if (!existsSync(file)) return []
  const store = createDuckdbFactStore({ file, threads: 1 })
  try {
    await store.totals()
    return []
  } catch (error) {
    return [`${STATISTICS} cannot be opened: ${error instanceof Error ? error.message : String(error)}`]
  } finally {
    await store.close()
  }
}
