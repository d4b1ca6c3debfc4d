/**
 * The types of the one who uses the library: `body` of an entry, `command`, `answer` to it, and `state` of a partition.
 * The library itself knows rooms, members and places, and nothing of what is said in them.
 */
export type Shape = { body: unknown; command: unknown; answer: unknown; state: unknown }

/** Who is concerned by an entry beyond the room's members: it goes whole with the announcement, never on the room's channel alone. */
export type Control = Readonly<{
  /** Members from this entry on, which they see. */
  joins?: readonly number[]
  /** Members no more after this entry, which they see. */
  leaves?: readonly number[]
  /** Nobody else is told of it. */
  only?: number
}>

export type Entry<T extends Shape> = Readonly<{
  room: number
  /** 1, 2, 3 … without holes over everything of the room that is told to anybody. */
  f: number
  /** Of the command that made it. Entries of one command are in one document. */
  key: string
  control?: Control
  body: T['body']
}>

/** One group commit of one partition, which is what is stored at once or not at all. */
export type LogDocument<T extends Shape> = Readonly<{
  p: number
  /** 1, 2, 3 … without holes. */
  n: number
  /** Of the lease under which it was written; never less than that of the document before. */
  term: number
  /** Microseconds. Greater than that of the document before, and than any floor promised until then. */
  at: number
  /** Random: who finds it at (p, n) knows whether it is theirs. */
  by: string
  /** Empty in the document with which an owner begins. */
  entries: readonly Entry<T>[]
}>

/** A place in a partition: its documents up to `n`, the last of which has `at`. */
export type Position = Readonly<{ n: number; at: number }>

export type Command<T extends Shape> = Readonly<{
  /** Whose: it has effect once, however often and wherever it is submitted. */
  key: string
  /** Of one submission: what is refused once is not carried out when a copy of it comes later. */
  call: string
  body: T['command']
}>

/** The greatest `f` of each room of a document. */
export function headsOf(document: {
  readonly entries: readonly Readonly<{ room: number; f: number }>[]
}): [room: number, f: number][] {
  const heads = new Map<number, number>()
  for (const { room, f } of document.entries) heads.set(room, f)
  return [...heads]
}

/** Of each entry one event. The same document has the same ids, whoever publishes it and how often. */
export const eventId = (p: number, n: number, i: number): string => `${p}-${n}-${i}`
