import { mkdtempSync, rmSync } from 'node:fs'

/** What is only there while something is done. A signal ends the program, and removes it first. */
const temporary = new Set<string>()

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const)
  process.once(signal, () => {
    for (const place of temporary) rmSync(place, { recursive: true, force: true })
    process.exit(128 + number)
  })

/** Removes a file or a folder when the work ends, however that is, but for kill -9. */
export async function whileTemporary<T>(place: string, work: () => Promise<T>): Promise<T> {
  temporary.add(place)
  try {
    return await work()
  } finally {
    rmSync(place, { recursive: true, force: true })
    temporary.delete(place)
  }
}

/** A folder of its own, whose path begins so. It is known to who removes it in the turn in which it is made: a signal may come between two. */
export async function inTemporaryFolder<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(prefix)
  return whileTemporary(folder, () => work(folder))
}
