import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import type { IdMark } from '../../ports.ts'

/** The mark as a number in a file beside the database, so that it is there when the database is lost or an older one is put back. */
export function createFileIdMark(file: string): IdMark {
  let mark = read(file)
  let written = mark
  let writing: Promise<void> = Promise.resolve()

  const write = async () => {
    if (written >= mark) return
    const next = mark
    const draft = await open(`${file}.tmp`, 'w', 0o600)
    try {
      await draft.writeFile(`${next}\n`)
      await draft.sync()
    } finally {
      await draft.close()
    }
    await rename(`${file}.tmp`, file)
    written = next
  }

  return {
    current: () => mark,
    raise(id) {
      if (id <= written) return writing
      mark = Math.max(mark, id)
      // What fails is written by the next, or at the next start: the database knows its own ids.
      writing = writing.catch(() => {}).then(write)
      return writing
    },
  }
}

export class UnreadableMark extends Error {
  constructor(file: string, text: string) {
    super(`${file} must hold the highest user id ever given; it holds ${JSON.stringify(text.slice(0, 40))}.`)
  }
}

function read(file: string): number {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  const mark = Number(text)
  if (!Number.isSafeInteger(mark) || mark < 0) throw new UnreadableMark(file, text)
  return mark
}
