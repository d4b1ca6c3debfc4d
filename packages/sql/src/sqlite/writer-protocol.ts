export type Commands = Record<string, (args: never) => unknown>

/**
 * What a writer's module exports: `export function createProgram(db): WriterProgram<…>`. Commands run in a transaction that many
 * share; when one of them fails all are run again, so a command must not change anything but the database and what
 * `afterRollback` forgets.
 */
export type WriterProgram<C extends Commands = Commands> = {
  commands: C
  /** Brings what commands keep in memory into the transaction. */
  beforeCommit?(): void
  /** What commands keep in memory may be of a transaction that is undone. */
  afterRollback?(): void
}

/** [command, arguments] */
export type Batch = [string, unknown][]
/** [ok, result or plain error], in the order of the calls */
export type BatchResult = [boolean, unknown][]

/** @param what failed */
export type OnTrouble = (what: string, error: unknown) => void
