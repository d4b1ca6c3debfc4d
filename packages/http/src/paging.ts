import { decodeCursor } from '@bigtech/kernel'
import { commonErrors } from './common-errors.ts'

/**
 * The position an opaque cursor stands for.
 * @param shape the types expected, so that a cursor of another list is refused
 * @throws BAD_CURSOR
 */
export function readCursor<const S extends readonly ('number' | 'string')[]>(
  cursor: string | undefined,
  shape: S,
): { [K in keyof S]: S[K] extends 'number' ? number : string } | undefined {
  if (cursor === undefined) return undefined
  const position = decodeCursor(cursor)
  // oxlint-disable-next-line valid-typeof -- shape holds typeof results
  if (position?.length !== shape.length || !position.every((value, i) => typeof value === shape[i]))
    throw commonErrors.BAD_CURSOR()
  return position as { [K in keyof S]: S[K] extends 'number' ? number : string }
}
