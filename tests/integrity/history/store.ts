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

/** A document of the log of a cluster, as far as the checker looks at it. */
export type LoggedDocument = {
  n: number
  term: number
  at: number
  entries: readonly {
    room: number
    f: number
    body: {
      kind: string
      row?: {
        seq: number
        rev: number
        user_id: number
        message_type: string
        content: string
        deleted_at: number | null
      }
      reads?: boolean
      user_id?: number
      read_seq?: number
      join_seq?: number
      members?: readonly { user_id: number; read_seq: number; join_seq: number }[]
    }
  }[]
}

/** What was made of a partition's log. The texts of the system are empty. */
export type LogTables = {
  rooms: { id: number; f: number; rev: number; last_seq: number }[]
  members: { room_id: number; user_id: number; read_seq: number; join_seq: number }[]
  messages: { room_id: number; seq: number; rev: number; content: string; deleted: boolean }[]
}
