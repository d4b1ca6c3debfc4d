import type { LoggedDocument, LogTables } from '../history/store.ts'

type Log = { documents: LoggedDocument[]; tables: LogTables }
type Body = LoggedDocument['entries'][number]['body']

const said = (seq: number, rev: number, content: string): NonNullable<Body['row']> => {
  return { seq, rev, user_id: 1, message_type: 'text', content, deleted_at: null }
}
const member = (user_id: number) => ({ user_id, read_seq: 0, join_seq: 0 })

/** A room of two, in which one writes, corrects it and the other reads and goes. */
export const goodLog = (): Log => ({
  documents: [
    { n: 1, term: 1, at: 10, entries: [] },
    { n: 2, term: 1, at: 20, entries: [{ room: 7, f: 1, body: { kind: 'created', members: [member(1), member(2)] } }] },
    {
      n: 3,
      term: 1,
      at: 30,
      entries: [{ room: 7, f: 2, body: { kind: 'message', reads: true, row: said(1, 1, '하나') } }],
    },
    { n: 4, term: 2, at: 40, entries: [] },
    {
      n: 5,
      term: 2,
      at: 50,
      entries: [
        { room: 7, f: 3, body: { kind: 'changed', row: said(1, 2, '둘') } },
        { room: 7, f: 4, body: { kind: 'read', user_id: 2, read_seq: 1 } },
      ],
    },
    { n: 6, term: 2, at: 60, entries: [{ room: 7, f: 5, body: { kind: 'left', user_id: 2 } }] },
    { n: 7, term: 2, at: 70, entries: [{ room: 7, f: 6, body: { kind: 'joined', members: [member(3)] } }] },
  ],
  tables: {
    rooms: [{ id: 7, f: 6, rev: 2, last_seq: 1 }],
    members: [
      { room_id: 7, user_id: 1, read_seq: 1, join_seq: 0 },
      { room_id: 7, user_id: 3, read_seq: 0, join_seq: 0 },
    ],
    messages: [{ room_id: 7, seq: 1, rev: 2, content: '둘', deleted: false }],
  },
})

export const BAD_LOGS: Readonly<Record<string, (log: Log) => unknown>> = {
  'a document is gone': ({ documents }) => documents.splice(3, 1),
  'an earlier owner wrote after a later one': ({ documents }) => (documents[5]!.term = 1),
  'a document is of before another': ({ documents }) => (documents[5]!.at = 50),
  'a document took the place of another': ({ documents }) =>
    (documents[3]!.entries = [{ room: 7, f: 3, body: { kind: 'message', reads: true, row: said(2, 2, '셋') } }]),
  'the room is behind': ({ tables }) => (tables.rooms[0]!.f = 5),
  'an old state of a message came back': ({ tables }) =>
    Object.assign(tables.messages[0]!, { rev: 1, content: '하나' }),
  'a message is gone': ({ tables }) => tables.messages.pop(),
  'a message of nobody is there': ({ tables }) => tables.messages.push({ ...tables.messages[0]!, seq: 2 }),
  'a read position went back': ({ tables }) => (tables.members[0]!.read_seq = 0),
  'who left is there': ({ tables }) => tables.members.push({ ...tables.members[0]!, user_id: 2 }),
}
