export type Settings = Readonly<{
  partitions: number
  /** How often a process looks at leases and tells that it lives. */
  tickMs: number
  /** A lease that has not changed for so long, seen by one's own clock, is free. */
  leaseMs: number
  /** Of one document. */
  maxCommands: number
  maxBytes: number
  /** Commands that wait for an owner; more are refused as `busy`. */
  maxWaiting: number
  /** Documents that were written but not applied; an owner waits beyond. */
  maxUnapplied: number
  /** How long a commit waits for its frames before they are read from the log. */
  frameWaitMs: number
  /** Between tries of what failed; each time a random part of it. */
  retryMs: number
  /** After which a command's caller is told that nobody knows. */
  deadlineMs: number
  /** Documents that are older may be emptied: they are in the projections and on the bus. Infinity: none. */
  keepMs: number
  /** How often an owner looks for such ones, in ticks. */
  emptyTicks: number
  /** How long a connection waits for its channels to work; they are only faster then. */
  subscribeWaitMs: number
}>

export const DEFAULTS: Settings = {
  partitions: 10,
  tickMs: 1_000,
  leaseMs: 9_000,
  maxCommands: 160,
  maxBytes: 1_048_576,
  maxWaiting: 10_000,
  maxUnapplied: 16,
  frameWaitMs: 50,
  retryMs: 100,
  deadlineMs: 3_000,
  keepMs: Infinity,
  emptyTicks: 60,
  subscribeWaitMs: 1_000,
}
