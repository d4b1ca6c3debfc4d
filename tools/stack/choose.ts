import { servers } from './servers/index.ts'
import type { Server } from './server.ts'
import { pidOf, StackError } from './work.ts'

export const runs = (server: Server): boolean => server.processes.every((name) => pidOf(name) !== undefined)
export const partly = (server: Server): boolean => server.processes.some((name) => pidOf(name) !== undefined)

/** In the order of the list, so that what another one needs comes first. @throws StackError for a name there is not */
export function pick(names: readonly string[]): Server[] {
  for (const name of names)
    if (!servers.some((server) => server.name === name))
      throw new StackError(`there is no server ${name}; there are ${servers.map((server) => server.name).join(', ')}`)
  const wanted = new Set(names)
  for (const server of servers.toReversed())
    if (wanted.has(server.name)) for (const needed of server.needs ?? []) wanted.add(needed)
  return servers.filter(({ name }) => wanted.has(name))
}

/** Installs what is missing and starts them, those that run already too. */
export async function startServers(chosen: readonly Server[]): Promise<void> {
  for (const server of chosen) {
    const began = performance.now()
    console.log(`${server.name}: ${server.title}`)
    server.install()
    await server.start()
    console.log(`  ready after ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  }
}
