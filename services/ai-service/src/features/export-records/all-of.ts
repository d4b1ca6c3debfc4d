/** Rows of a step: an entry may have 20,000 characters. */
const AT_ONCE = 100

/** Rows a page at a time, until there are no more. */
export async function* allOf<Row extends Readonly<{ id: number }>>(
  read: (page: Readonly<{ before: number | undefined; limit: number }>) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  for (let before: number | undefined; ;) {
    const some = await read({ before, limit: AT_ONCE })
    yield* some
    before = some.at(-1)?.id
    if (some.length < AT_ONCE) return
  }
}
