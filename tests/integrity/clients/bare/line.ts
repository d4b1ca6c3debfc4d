import type { WireFrame } from './model.ts'

/** Why a line ended: a close code, or the HTTP status of a refusal. */
export type LineEnd = { code: number | undefined; status: number | undefined; reason: string }

export type LineEvents = {
  frame(frame: WireFrame): void
  /** Once, and nothing after it. */
  ended(end: LineEnd): void
}

/** One stream. */
export type Line = {
  /** A command; false: this line takes none (now). */
  send(command: object): boolean
  /** Ends it; no event follows. */
  drop(): void
  hurry(): void
}
