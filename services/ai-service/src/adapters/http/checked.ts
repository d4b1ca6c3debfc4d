import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { CareFailure } from '../../ports.ts'

/** What another machine answered, if it is what was asked for. @throws CareFailure `nonsense`, without what it was */
export function checked<S extends TSchema>(schema: S, value: unknown, what: string): Static<S> {
  if (Value.Check(schema, value)) return value
  throw new CareFailure('nonsense', `${what} does not fit its schema`)
}
