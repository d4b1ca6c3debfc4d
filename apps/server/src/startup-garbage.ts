import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { type: 'major'; execution: 'async'; flavor: 'last-resort' }) => Promise<void>

/**
 * Gives the memory that starting took back to the system (about 40 MB), once. The heap for young objects may grow again with the
 * load: a large one makes garbage collection under load cheap, and would otherwise keep its size from the start-up on.
 */
export async function collectStartupGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  await collect({ type: 'major', execution: 'async', flavor: 'last-resort' })
}
