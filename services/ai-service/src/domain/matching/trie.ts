import { isMark, isSyllable, type Cells } from './cells.ts'
import { lettersOfCell, spellingsOf } from './stems.ts'

/** Where a pattern of the lexicon stands: cells from `start` up to `end`, and `last`, where its last word begins. */
export type Hit<T> = Readonly<{ value: T; start: number; last: number; end: number }>

type Node<T> = { next: Map<number, Node<T>>; open: Exit<T>[]; closed: Exit<T>[] }
type Exit<T> = Readonly<{ value: T } | { rest: Rest<T> }>
/** What has to follow a word, and how far on it may begin. */
type Rest<T> = Readonly<{ id: number; root: Node<T>; gap: number }>

export type Matcher<T> = Readonly<{ anywhere: Node<T>; atWordStart: Node<T>; rests: number }>

/** A syllable between two words of a pattern costs 5, a Latin letter 3; the end of a line 10: people press Enter within a sentence too. */
const GAPS = { ' ': 25, '..': 80 } as const
const COST = { syllable: 5, latin: 3, line: 10 } as const
/** A run of more letters than this without a space is typed without spaces: a word may begin at any of them. */
const LONGEST_WORD = 7

const newNode = <T>(): Node<T> => ({ next: new Map(), open: [], closed: [] })

function put<T>(root: Node<T>, alternatives: string, exit: Exit<T>): void {
  for (const word of alternatives.split('/'))
    for (const { letters, open } of spellingsOf(word)) {
      let node = root
      for (const letter of letters) {
        let next = node.next.get(letter)
        if (next === undefined) node.next.set(letter, (next = newNode()))
        node = next
      }
      const exits = open ? node.open : node.closed
      if (!exits.includes(exit)) exits.push(exit)
    }
}

/** Patterns that begin alike share their way, so that a text is read once for all of them. */
export function compile<T>(patterns: Iterable<readonly [pattern: string, value: T]>): Matcher<T> {
  const matcher = { anywhere: newNode<T>(), atWordStart: newNode<T>() }
  const rests = new Map<string, Rest<T>>()
  for (const [pattern, value] of patterns) {
    const parts = pattern.replace(/^\^/, '').split(/ \.\. | /)
    const separators = pattern.match(/ \.\. | /g) ?? []
    const short = parts[0]!.split('/').every((word) => word.replace('~', '').length === 1)
    const begins = short || pattern.startsWith('^')
    let root = begins ? matcher.atWordStart : matcher.anywhere
    let key = begins ? '^' : ''
    for (const [i, part] of parts.entries()) {
      if (i === parts.length - 1) {
        put(root, part, { value })
        break
      }
      const separator = separators[i]!
      key += part + separator
      let rest = rests.get(key)
      if (rest === undefined) {
        rest = { id: rests.size, root: newNode(), gap: GAPS[(separator.trim() || ' ') as keyof typeof GAPS] }
        rests.set(key, rest)
        put(root, part, { rest })
      }
      root = rest.root
    }
  }
  return { ...matcher, rests: rests.size }
}

const isLatin = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39)

/** Of each cell: 0 inside a word, 1 where a word begins, 2 inside so long a word that one may begin there. */
function beginnings(line: string): Uint8Array {
  const begins = new Uint8Array(line.length + 1)
  let first = 0
  for (let at = 0; at <= line.length; at++) {
    if (at < line.length && line[at] !== ' ' && !isMark(line[at]!)) continue
    if (at > first) begins[first] = 1
    if (at - first > LONGEST_WORD) begins.fill(2, first + 1, at)
    first = at + 1
  }
  return begins
}

/**
 * Calls back for each place where a pattern stands; of places that end alike and differ by where their first word stands, the first. Time is linear in the length:
 * the rest of a pattern is looked for once at each cell.
 */
export function search<T>(
  { anywhere, atWordStart, rests }: Matcher<T>,
  { line }: Cells,
  found: (hit: Hit<T>) => void,
): void {
  const begins = beginnings(line)
  const mayBegin = (at: number): boolean => begins[at] === 1 || (begins[at] === 2 && !isLatin(line.charCodeAt(at)))

  const leave = (exits: readonly Exit<T>[], start: number, last: number, end: number) => {
    for (const exit of exits)
      if ('value' in exit) found({ value: exit.value, start, last, end })
      else follow(exit.rest, start, end)
  }
  /** Of each rest, up to which cell it was looked for. */
  const tried = new Int32Array(rests)
  const follow = ({ id, root, gap }: Rest<T>, start: number, end: number) => {
    let left = gap
    let passed = 0
    for (let at = end; at < line.length; at++) {
      const cell = line[at]!
      if (cell === ' ' || cell === ',') continue
      if (cell === '\n') {
        left -= COST.line
        if (left < 0) return
        continue
      }
      if (isMark(cell)) return
      // Inside a word only what follows a particle may begin: the 안 of 불안 is no 안.
      if (at >= tried[id]! && (mayBegin(at) || (passed <= 2 && isSyllable(line.charCodeAt(at))))) {
        tried[id] = at + 1
        walk(root, start, at)
      }
      left -= isSyllable(line.charCodeAt(at)) ? COST.syllable : COST.latin
      passed++
      if (left < 0) return
    }
  }
  const walk = (root: Node<T>, start: number, from: number) => {
    let node = root
    for (let at = from; at < line.length; at++) {
      const code = line.charCodeAt(at)
      if (line[at] === ' ' || line[at] === '\n') {
        // A word typed apart (싶 어), on two lines too, is one that begins here; the end of 이야기 and 운동 are no 기운.
        if (mayBegin(from)) continue
        return
      }
      const letters = lettersOfCell(code)
      for (let i = 0; i < letters.length; i++) {
        const next = node.next.get(letters[i]!)
        if (next === undefined) return
        node = next
        if (i === 1 && letters.length === 3) leave(node.open, start, from, at + 1)
      }
      const insideLatin = isLatin(code) && at + 1 < line.length && isLatin(line.charCodeAt(at + 1))
      leave(node.open, start, from, at + 1)
      if (!insideLatin) leave(node.closed, start, from, at + 1)
    }
  }
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (line[at] === ' ' || isMark(line[at]!) || (isLatin(code) && begins[at] !== 1)) continue
    walk(anywhere, at, at)
    if (mayBegin(at)) walk(atWordStart, at, at)
  }
}
