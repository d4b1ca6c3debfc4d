import type { Recorder } from '../history/recorder.ts'
import { createBareClient } from './bare/client.ts'
import type { Client, Person } from './client.ts'
import { createSdkClient } from './sdk/client.ts'

const KINDS = [
  ['sdk', 'ws'],
  ['bare', 'ws'],
  ['sdk', 'sse'],
  ['bare', 'sse'],
] as const

/** The kinds take turns. A name tells the kind: `3-bare-sse`. */
export function createClientOfKind(
  index: number,
  options: {
    person: Person
    /** the gateway, through a proxy */
    url: string
    recorder: Recorder
    random: () => number
    fault: (text: string) => void
  },
): Client {
  // Devices of the same person are not of the same kind.
  const [family, transport] = KINDS[(index + Math.floor(index / KINDS.length)) % KINDS.length]!
  const name = `${index}-${family}-${transport}`
  if (family === 'sdk') return createSdkClient({ ...options, name, transport })
  return createBareClient({ ...options, name, transport, url: `${options.url}/api` })
}
