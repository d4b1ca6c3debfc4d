import { randomUUIDv7 } from 'node:crypto'

/** A UUIDv7: unique, roughly time-ordered. */
export const newId = (): string => randomUUIDv7()
