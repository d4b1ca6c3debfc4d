import { existsSync, renameSync, rmSync, statSync } from 'node:fs'

/** So often the size of the file is looked at, ms. */
const LOOK_MS = 10_000

/**
 * Keeps a log file from growing without end: when it has reached `maxBytes`, it becomes `<file>.1`, what was `.1` becomes `.2`, and so on; more
 * than `kept` of them are deleted.
 * @param options.reopen makes the writer go on in a new file
 * @param options.failed hears why a file could not be moved; writing goes on in the old one
 * @returns looks now, for who cannot wait
 */
export function rotateLog(options: {
  file: string
  maxBytes: number
  kept: number
  reopen: () => void
  failed: (error: unknown) => void
}): () => void {
  const { file, maxBytes, kept, reopen, failed } = options
  const look = () => {
    try {
      if (!existsSync(file) || statSync(file).size < maxBytes) return
      rmSync(`${file}.${kept}`, { force: true })
      for (let number = kept - 1; number >= 1; number--)
        if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`)
      renameSync(file, `${file}.1`)
      reopen()
    } catch (error) {
      failed(error)
    }
  }
  look()
  setInterval(look, LOOK_MS).unref()
  return look
}
