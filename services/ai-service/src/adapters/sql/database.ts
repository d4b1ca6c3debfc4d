import type { ConsentStore } from '../../ports.ts'

export type AiDatabase = Readonly<{
  consents: ConsentStore
  /** Rejects when the database cannot be written. */
  check(): Promise<void>
  close(): Promise<void>
}>
