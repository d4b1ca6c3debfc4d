import { existsSync, lstatSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { StartupError } from '../startup-error.ts'

/** How the name of a folder begins in which a backup is looked at. */
export const VERIFYING = '.verify-'

/** Where a path leads, links followed, as far as it is there. @throws StartupError for a link that leads nowhere */
export function realPlace(path: string): string {
  const place = resolve(path)
  if (existsSync(place)) return realpathSync(place)
  if (lstatSync(place, { throwIfNoEntry: false })) throw new StartupError(`${place} is a link that leads nowhere.`)
  const parent = dirname(place)
  return parent === place ? place : join(realPlace(parent), place.slice(parent.length + (parent.endsWith('/') ? 0 : 1)))
}

/** The data folder that a place is in, if it is in one. */
export function dataFolderAround(place: string): string | undefined {
  for (let folder = place; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'identity.json')) && existsSync(join(folder, 'user.db'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}
