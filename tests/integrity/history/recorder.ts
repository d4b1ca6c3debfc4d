import { briefFrame, briefReads, briefRoom, briefRow } from './brief.ts'
import type { AnswerReceipt, Entry, FaultName, Op } from './types.ts'

/** Collects the history of a round. One for the whole run: the numbers go on from round to round. */
export type Recorder = ReturnType<typeof createRecorder>

export type Who = { client: string; user: number }

/** An API call that has been sent. */
export type Asked = { n: number; who: Who; path: string }

export function createRecorder(now: () => number = () => performance.now()) {
  const began = now()
  let n = 0
  let entries: Entry[] = []
  /** What was asked and is not answered, with how to record that. */
  const open = new Map<number, () => void>()
  const at = () => Math.round(now() - began)
  const stamp = () => ({ n: ++n, at: at() })

  return {
    at,
    /** The number of what happens now. */
    tick: (): number => ++n,

    /** @returns how to record its end */
    begin(op: Pick<Op, 'client' | 'user' | 'do' | 'room' | 'args'>) {
      const asked = stamp()
      const finish = (end: Pick<Op, 'outcome' | 'status' | 'code' | 'answer'> & { lane?: string | null }): Op => {
        const finished = stamp()
        const timing = { n: asked.n, done: finished.n, at: asked.at, took: finished.at - asked.at }
        const entry: Op = { type: 'op', ...timing, ...op, lane: null, ...end }
        // An answer after it was given up is of a round that is over.
        if (open.delete(asked.n)) entries.push(entry)
        return entry
      }
      open.set(asked.n, () => void finish({ outcome: 'unknown', status: 0, code: 'NEVER_ANSWERED', answer: {} }))
      return finish
    },
    /** Waits for no answer any more: what has none is recorded as unknown. @returns how many those are */
    giveUp(): number {
      const left = [...open.values()]
      for (const record of left) record()
      return left.length
    },

    frame: (who: Who, wire: unknown) =>
      void entries.push({ type: 'frame', ...stamp(), ...who, frame: briefFrame(wire) }),
    ended: (who: Who, reason: string) => void entries.push({ type: 'ended', ...stamp(), ...who, reason }),
    fault: (fault: FaultName, phase: 'begin' | 'end', detail: string) =>
      void entries.push({ type: 'fault', ...stamp(), fault, phase, detail }),

    asked: (who: Who, path: string): Asked => ({ n: ++n, who, path }),
    /** The answer to a reading call; other paths are passed over. */
    answered({ n: asked, who, path }: Asked, status: number, body: unknown): void {
      const facts = readingOf(path, status, body)
      if (facts) entries.push({ type: 'answer', ...stamp(), asked, ...who, status, ...facts })
    },

    /** What was recorded since the last call. */
    take(): Entry[] {
      const taken = entries
      entries = []
      return taken
    },
  }
}

type Facts = Pick<AnswerReceipt, 'call' | 'room' | 'rooms' | 'rows' | 'page' | 'changes'>

/** @param path of the API, without `/api`, query included */
function readingOf(path: string, status: number, body: unknown): Facts | undefined {
  const [place = '', ...rest] = path.split('?')[0]!.split('/').slice(1)
  const room = rest[0] === undefined ? null : Number(rest[0])
  const none = { rooms: [], rows: [], page: null, changes: null }
  const b = (body ?? {}) as Record<string, unknown>
  const ok = status === 200
  const numbers = <K extends string>(...names: K[]) =>
    Object.fromEntries(names.map((name) => [name, Number(b[name])])) as Record<K, number>
  if (place === 'chat-rooms' && rest.length === 0)
    return { ...none, call: 'rooms', room: null, rooms: ok ? (b['items'] as unknown[]).map(briefRoom) : [] }
  if (place === 'chat-rooms' && rest.length === 1)
    return { ...none, call: 'room', room, rooms: ok ? [briefRoom(body)] : [] }
  if (place === 'messages' && rest.length === 1 && rest[0] !== 'search') {
    if (!ok) return { ...none, call: 'page', room }
    const rows = (b['items'] as unknown[]).map(briefRow)
    return { ...none, call: 'page', room, rows, page: numbers('last_seq', 'rev', 'read_seq', 'join_seq') }
  }
  if (place === 'messages' && rest[1] === 'changes') {
    if (!ok) return { ...none, call: 'changes', room }
    const changes = {
      ...numbers('from_rev', 'to_rev'),
      has_more: b['has_more'] === true,
      reads: briefReads(b['reads']),
    }
    return { ...none, call: 'changes', room, rows: (b['messages'] as unknown[]).map(briefRow), changes }
  }
  return undefined
}
