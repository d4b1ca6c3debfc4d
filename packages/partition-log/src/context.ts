import type { Shape } from './document.ts'
import type {
  Broker,
  Coordination,
  Cursors,
  EventBus,
  LogStore,
  Machine,
  Network,
  Projections,
  Runtime,
} from './ports.ts'
import type { Rules } from './rules.ts'
import type { Settings } from './settings.ts'

export type Ports<T extends Shape> = Readonly<{
  log: LogStore<T>
  coordination: Coordination
  projections: Projections<T>
  machine: Machine<T>
  bus: EventBus<T>
  cursors: Cursors
  broker: Broker<T>
  network: Network<T>
  runtime: Runtime
  /** Hears of each document with commands, once it is in the log, how many were decided for it. It must not throw. */
  onCommit?: (p: number, commands: number) => void
  /** Hears of each failure that is waited out, with what it was of: for a log, as nothing else tells of one that never ends. It must not throw. */
  onTrouble?: (what: string, error: unknown) => void
}>

/** What every part of one process shares. */
export type Context<T extends Shape> = Readonly<{
  /** This process; see `nameOf`. */
  node: string
  ports: Ports<T>
  settings: Settings
  rules: Rules
}>
