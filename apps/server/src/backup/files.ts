import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Files below a folder, by their paths in it, in order; none when it is not there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** The same file under a second name, which costs nothing, or where that cannot be a copy. Nothing when it is gone. */
export async function keep(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  try {
    await link(from, to)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EEXIST') return
    await copyFile(from, to)
  }
}

const COPIES = 20

/**
 * A DuckDB file and its log, of which another process may have both open: the file changes only when the log is put into it, so a copy during which
 * it did not change is one of a moment. False when it changed each time.
 */
export async function copyDuckdb(from: string, to: string): Promise<boolean> {
  const state = async () => {
    const found = await stat(from, { bigint: true }).catch(() => undefined)
    return found && `${found.size} ${found.mtimeNs} ${found.ino}`
  }
  for (let attempt = 0; attempt < COPIES; attempt++) {
    const before = await state()
    if (before === undefined) return true
    await copyFile(from, to)
    // One of an earlier try is not of this file.
    await rm(`${to}.wal`, { force: true })
    await copyFile(`${from}.wal`, `${to}.wal`).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
    if ((await state()) === before) return true
  }
  return false
}
