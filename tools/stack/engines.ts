import { servers } from './servers/index.ts'
import { pidOf, StackError } from './work.ts'

export type Engines = Readonly<{
  /** For the environment of the tests. */
  settings: Readonly<Record<string, string>>
  /** Names of those that are used, and of those that are not there. */
  used: readonly string[]
  missing: readonly string[]
}>

/**
 * The servers of `npm run stack` that tests can use now.
 * @param wanted names with commas between them (`ENGINES`): these and no others. Default: all that run
 * @throws StackError when one that is wanted does not run
 */
export function findEngines(wanted: string | undefined, isRunning = running): Engines {
  const names = wanted
    ?.split(',')
    .map((name) => name.trim())
    // The embedded engine is always there.
    .filter((name) => name !== '' && name !== 'sqlite')
  for (const name of names ?? []) {
    if (!servers.some((server) => server.name === name))
      throw new StackError(
        `ENGINES: there is no ${name}; there are sqlite, ${servers.map((each) => each.name).join(', ')}`,
      )
    if (!isRunning(name)) throw new StackError(`ENGINES: ${name} does not run (npm run stack -- up ${name})`)
  }
  const used = servers.filter(({ name }) => (names ? names.includes(name) : isRunning(name)))
  return {
    settings: Object.assign({}, ...used.map(({ settings }) => settings)) as Record<string, string>,
    used: used.map(({ name }) => name),
    missing: servers.map(({ name }) => name).filter((name) => !used.some((server) => server.name === name)),
  }
}

const running = (name: string): boolean =>
  servers.some((server) => server.name === name && server.processes.every((each) => pidOf(each) !== undefined))
