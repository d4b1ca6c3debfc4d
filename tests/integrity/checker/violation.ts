/** Something the guarantees forbid. What is given of where it happened picks the slice of history that explains it. */
export type Violation = {
  /** which guarantee, in a word: the names are listed in docs/reliability.md */
  kind: string
  what: string
  room?: number | undefined
  client?: string | undefined
  user?: number | undefined
  seq?: number | undefined
  rev?: number | undefined
  cmid?: string | undefined
}
