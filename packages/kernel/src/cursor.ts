/** Opaque page cursors: base64url JSON. Callers treat them as strings; what was not made here decodes to undefined. */
export const encodeCursor = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

export function decodeCursor(cursor: string): (string | number)[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    const scalar = (v: unknown) => typeof v === 'string' || Number.isSafeInteger(v)
    if (!Array.isArray(value) || value.length === 0 || !value.every(scalar)) return undefined
    // A position has one spelling: no `1e3`, blanks or other base64 of the same.
    return encodeCursor(value as (string | number)[]) === cursor ? (value as (string | number)[]) : undefined
  } catch {
    return undefined
  }
}

export type Page<T> = { items: T[]; next_cursor: string | null }

/**
 * Makes a page out of `limit + 1` fetched rows: the extra row only tells that there is a next page.
 * @param position sort key of a row, stored in the cursor of the last row shown
 */
export function toPage<T>(rows: T[], limit: number, position: (row: T) => readonly (string | number)[]): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last ? encodeCursor(position(last)) : null }
}
