/** What one step changed in the engines, as data. Each watcher tells what is different from when it was last asked. */

/** A row as the database has it, without what is NULL. */
export type Row = Readonly<Record<string, string | number>>

export type RowChange = Readonly<{
  table: string
  how: 'new' | 'changed' | 'gone'
  /** Of a changed row its key and what is different. */
  row: Row
}>

export type KeyChange = Readonly<{ key: string; value: string; ttlMs: number } | { key: string; gone: true }>

export type KafkaRecord = Readonly<{
  topic: string
  partition: number
  offset: string
  key: string
  headers: Readonly<Record<string, string>>
  value: string
}>

/** How far the groups have come in a partition: the offset they would go on at. */
export type Position = Readonly<{ topic: string; partition: number; groups: Readonly<Record<string, string>> }>

/** A watcher of tables and keys: all that is there, by name. */
export type Table = Readonly<{ key: readonly string[]; rows: readonly Row[] }>

/** Of every table what came, changed and went, in the order of the keys of `now`. */
export function rowChanges(before: ReadonlyMap<string, Table>, now: ReadonlyMap<string, Table>): RowChange[] {
  const keyOf = ({ key }: Table, row: Row) => JSON.stringify(key.map((column) => row[column]))
  return [...now].flatMap(([table, { key, rows }]) => {
    const known = before.get(table) ?? { key, rows: [] }
    const old = new Map(known.rows.map((row) => [keyOf(known, row), row]))
    const came = rows.flatMap((row): RowChange[] => {
      const was = old.get(keyOf({ key, rows }, row))
      if (!was) return [{ table, how: 'new', row }]
      const different = Object.entries(row).filter(([column, value]) => key.includes(column) || was[column] !== value)
      return different.length > key.length ? [{ table, how: 'changed', row: Object.fromEntries(different) }] : []
    })
    const left = new Set(rows.map((row) => keyOf({ key, rows }, row)))
    const gone = [...old]
      .filter(([id]) => !left.has(id))
      .map(([, row]): RowChange => ({
        table,
        how: 'gone',
        row: Object.fromEntries(key.map((name) => [name, row[name]!])),
      }))
    return [...came, ...gone]
  })
}
