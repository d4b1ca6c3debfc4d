/** What the files of a stopped server hold. */
export type StoreFacts = {
  /** file → what SQLite's integrity check says */
  integrity: Record<string, string>
  /** service → events that were not published */
  outbox: Record<string, number>
  /** group → ids of events it has taken effect of */
  inbox: Record<string, string[]>
  /** All records of the topics. */
  records: { topic: string; partition: number; offset: number; id: string; type: string }[]
  /** Next offset of each partition and how far each group has come. */
  groups: { group: string; topic: string; partition: number; committed: number; end: number }[]
  /** Exit code of SIGTERM; null: it was killed. */
  exit: number | null
}
