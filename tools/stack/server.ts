/**
 * One server of the stack. `start` and `stop` may be called again and again: what runs already goes on, what was stopped starts with the
 * data it had, but for Redis and what is only in memory.
 */
export type Server = Readonly<{
  /** As typed after `npm run stack -- up`. */
  name: string
  title: string
  /** Other servers it needs, by name. */
  needs?: readonly string[]
  /** Names of its processes, for logs and process ids. */
  processes: readonly string[]
  /** Where it is reached: settings of the program, with their values. */
  settings: Readonly<Record<string, string>>
  /** Programs and files, once. */
  install(): void
  /** Resolves when it answers. */
  start(): Promise<void>
  stop(): Promise<void>
}>
