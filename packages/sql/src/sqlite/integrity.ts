import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'

/** Opens a file that nobody writes to: nothing is made beside it. */
export const openCopy = (file: string): DatabaseSync =>
  new DatabaseSync(new URL(`${pathToFileURL(file).href}?immutable=1`), { readOnly: true })

/** Reads every page of a file that nobody writes to. @returns its id (readDatabaseId), or what is wrong first */
export function checkIntegrity(file: string): Readonly<{ id: number | undefined } | { problem: string }> {
  const database = openCopy(file)
  try {
    const [first] = database.prepare('PRAGMA integrity_check(1)').all()
    if (first?.['integrity_check'] !== 'ok') return { problem: String(first?.['integrity_check']) }
    const id = Number(database.prepare('PRAGMA application_id').get()!['application_id'])
    return { id: id === 0 ? undefined : id }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  } finally {
    database.close()
  }
}
