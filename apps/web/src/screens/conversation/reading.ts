/** A message as it stands now: px from the top of the log's visible part. */
export type SeenRow = Readonly<{ seq: number; top: number; bottom: number }>

/** Of a message, this share must have been on the screen before it counts as read. */
const ENOUGH = 0.5

export type Reading = {
  /** These rows stand on the screen now, in a visible part of this height. */
  see(rows: Iterable<SeenRow>, height: number): void
  /** Up to which seq everything after `readSeq` has been on the screen. A message that was jumped over ends it. */
  upTo(readSeq: number): number
}

/**
 * Which messages have been on the screen. A read position says that everything up to it was read, so it may pass only what was seen
 * without a gap. Of a message taller than the screen, the parts that were seen one after the other are added up.
 */
export function createReading(): Reading {
  const seen = new Set<number>()
  /** Shares of messages of which not enough was seen yet. */
  const parts = new Map<number, readonly [from: number, to: number]>()
  let read = 0

  function see({ seq, top, bottom }: SeenRow, height: number): void {
    const size = bottom - top
    const [from, to] = [(Math.max(top, 0) - top) / size, (Math.min(bottom, height) - top) / size]
    if (seq <= read || seen.has(seq) || !(size > 0) || !(to > from)) return
    const known = parts.get(seq)
    const touching = known && known[0] <= to && from <= known[1]
    const part = touching ? ([Math.min(known[0], from), Math.max(known[1], to)] as const) : ([from, to] as const)
    if (part[1] - part[0] < ENOUGH) return void parts.set(seq, part)
    parts.delete(seq)
    seen.add(seq)
  }

  return {
    see(rows, height) {
      for (const row of rows) see(row, height)
    },
    upTo(readSeq) {
      read = Math.max(read, readSeq)
      while (seen.delete(read + 1)) read++
      return read
    },
  }
}
