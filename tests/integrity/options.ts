import { parseArgs } from 'node:util'
import { FAULTS, FAULTS_OF_CLUSTER } from './schedule/faults.ts'
import type { FaultName } from './history/types.ts'
import { SABOTAGE_NAMES, SABOTAGES, type Sabotage, type SabotageName } from './sabotage/table.ts'

export type Options = {
  profile: 'embedded' | 'distributed'
  /** processes of chat-service, where there are many */
  nodes: number
  seconds: number
  seed: number
  clients: number
  rooms: number
  /** seconds a round lasts before all is healed and compared */
  round: number
  /** operations a second, all clients together */
  rate: number
  /** seconds clients have to catch up after the faults of a round */
  patience: number
  faults: readonly FaultName[]
  out: string | null
  sabotage: SabotageName | null
}

export const USAGE = `npm run test:integrity -- [options]

  --profile P     embedded (default), or distributed: the engines of npm run stack, found in the environment
  --nodes N       processes of chat-service of the distributed profile, 1 to 9 (default 3)
  --seconds N     how long operations and faults go on (default 60)
  --seed N        decides who does what when, and which fault strikes when (default: a new one, printed)
  --round N       seconds after which all is healed, compared and checked (default 20)
  --clients N     3 to 64 (default 8); kinds take turns: SDK and bare client, WebSocket and SSE
  --rooms N       rooms a round, 2 to 64 (default 6)
  --rate N        operations a second, all clients together, 1 to 1000 (default 80)
  --patience N    seconds clients have to catch up after a round (default 30)
  --faults a,b    of ${FAULTS.join(', ')}; or none (default: all)
                  of the distributed profile: ${FAULTS_OF_CLUSTER.join(', ')}
  --out FILE      keeps the whole history, one JSON line an entry
  --sabotage X    breaks the server on purpose, until a round finds it out: ${SABOTAGE_NAMES.join(', ')}
`

/** A wrong argument; the message is for whoever typed it. */
export class OptionError extends Error {}

/** @throws OptionError */
export function readOptions(args: readonly string[], newSeed: () => number): Options {
  const values = parse(args)
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const text = values[name]
    if (text === undefined) return fallback
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new OptionError(`--${name} must be an integer from ${least} to ${most}, not '${text}'`)
    return value
  }
  const profile = values['profile'] ?? 'embedded'
  if (profile !== 'embedded' && profile !== 'distributed')
    throw new OptionError(`--profile must be embedded or distributed, not '${profile}'`)
  const sabotage = values['sabotage'] ?? null
  if (sabotage !== null && !(SABOTAGE_NAMES as readonly string[]).includes(sabotage))
    throw new OptionError(`--sabotage must be one of ${SABOTAGE_NAMES.join(', ')}, not '${sabotage}'`)
  const broken: Sabotage | undefined = sabotage === null ? undefined : SABOTAGES[sabotage as SabotageName]
  const needed = broken?.profile ?? 'embedded'
  if (broken && needed !== profile) throw new OptionError(`--sabotage ${sabotage} needs --profile ${needed}`)
  return {
    profile,
    nodes: number('nodes', 3, 1, 9),
    seconds: number('seconds', 60, 1, 86_400),
    seed: number('seed', newSeed(), 0, Number.MAX_SAFE_INTEGER),
    round: number('round', 20, 1, 3_600),
    clients: number('clients', 8, 3, 64),
    rooms: number('rooms', 6, 2, 64),
    rate: number('rate', 80, 1, 1_000),
    patience: number('patience', 30, 1, 600),
    faults: faultsOf(values['faults'], profile === 'embedded' ? FAULTS : FAULTS_OF_CLUSTER),
    out: values['out'] ?? null,
    sabotage: sabotage as SabotageName | null,
  }
}

function faultsOf(text: string | undefined, all: readonly FaultName[]): readonly FaultName[] {
  if (text === undefined) return all
  if (text === 'none') return []
  const names = text.split(',')
  for (const name of names)
    if (!(all as readonly string[]).includes(name))
      throw new OptionError(`--faults must be some of ${all.join(',')} (or none), not '${name}'`)
  return all.filter((name) => names.includes(name))
}

function parse(args: readonly string[]): Record<string, string | undefined> {
  const names = [
    'profile',
    'nodes',
    'seconds',
    'seed',
    'round',
    'clients',
    'rooms',
    'rate',
    'patience',
    'faults',
    'out',
    'sabotage',
  ]
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    }).values
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error))
  }
}
