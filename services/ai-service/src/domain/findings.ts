import { contextOf, type Context } from './context/context.ts'
import { clauseOf, restOfClause } from './context/korean.ts'
import { loosely, windowOf } from './context/window.ts'
import { CRISIS_LEXICONS, CUE_LEXICONS, listed, type Entry } from './lexicon/index.ts'
import { cellsOf, isMark, type Cells } from './matching/cells.ts'
import { compile, search, type Hit, type Matcher } from './matching/trie.ts'
import { SAFETY_LEVELS, type Cue, type Evidence, type Findings, type SafetyLevel } from './types.ts'

/** A row of the lexicon, ready to be looked for. */
type Row = Readonly<{
  of: Cue | 'crisis'
  /** Of crisis words what they mean where nothing speaks against it. */
  level: SafetyLevel
  entry: Entry
  /** No word of the pattern is a negation by itself (잠 안 오~): what stands in a gap before its last word denies it. */
  deniable: boolean
  unless: RegExp | undefined
  after: RegExp | undefined
  needs: RegExp | undefined
}>

/**
 * A text in which a cue stands more often than this holds it beyond doubt. Later places are not weighed: of cues they are left out, of crisis they count as the
 * lexicon says. It keeps the time linear for texts made to be slow.
 */
const WEIGHED = 150
/** A phrase is shown up to the end of its word, as long as that is near, in letters. */
const WORD_END = 6
/** Words that a phrase needs are looked for so many letters before and after it, in other sentences too: a farewell is more than one. */
const NEAR = 40

/** 안 or 못 as a word of a pattern, among others or not. */
const NEGATION_ALONE = /(?:^|[ /^])(?:안|못|몬|않)(?:[ /]|$)/u
/** 무릎이 안 아파: at the end of what stands between the first words and the last. */
const DENIED_IN_GAP = /[ ,](?:안|못)\s?$/u

let compiled: Matcher<Row> | undefined

const anyOf = (phrases: string | undefined, end = ''): RegExp | undefined =>
  phrases === undefined
    ? undefined
    : loosely(
        `(?:${listed(phrases)
          .map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('|')})${end}`,
      )

function matcher(): Matcher<Row> {
  if (compiled) return compiled
  const rowsOf = (of: Row['of'], level: SafetyLevel, entries: readonly Entry[]) =>
    entries.flatMap((entry) => {
      const words = { unless: anyOf(entry.unless), after: anyOf(entry.after, ' $'), needs: anyOf(entry.needs) }
      return listed(entry.say).map((pattern) => {
        const row: Row = { of, level, entry, deniable: !NEGATION_ALONE.test(pattern), ...words }
        return [pattern, row] as const
      })
    })
  compiled = compile([
    ...CUE_LEXICONS.flatMap(({ cue, entries }) => rowsOf(cue, 'none', entries)),
    ...CRISIS_LEXICONS.flatMap(({ level, entries }) => rowsOf('crisis', level, entries)),
  ])
  return compiled
}

const rank = (level: SafetyLevel): number => SAFETY_LEVELS.indexOf(level)

type Found = Evidence & Readonly<{ level: SafetyLevel }>

/** What the words around make of a hit; undefined: nothing. */
function weigh(cells: Cells, { value: row, start, last, end }: Hit<Row>): Found | undefined {
  const window = windowOf(cells, start, end)
  // Of a crisis only the words of its own clause take it back: 열심히 살았는데 나 오늘 죽을 거야.
  const own = row.of === 'crisis'
  const before = own ? clauseOf(window.before) : window.before
  const rest = own ? restOfClause(window.tail) : window.tail
  if (row.unless?.test(before + window.phrase + rest.slice(1))) return undefined
  if (row.after?.test(window.before)) return undefined
  if (row.deniable && last > start && DENIED_IN_GAP.test(cells.line.slice(start, last))) return undefined
  if (row.needs && !row.needs.test(cells.line.slice(Math.max(0, start - NEAR), end + NEAR))) return undefined
  const context: Context = contextOf(window, {
    crisis: row.of === 'crisis',
    aboutOthers: row.entry.aboutOthers === true,
    done: row.entry.done === true,
  })
  if (context.as === 'nothing') return undefined
  let level = row.level
  if (row.of === 'crisis') {
    if (context.as === 'others') level = 'mention'
    if (context.as === 'past' && rank(level) > rank('past')) level = 'past'
  } else if (context.as !== 'own') return undefined
  const strength = level === 'immediate' ? 3 : Math.min(3, Math.max(1, row.entry.strength + context.intensity))
  return { ...evidenceOf(cells, row, start, end, strength as Evidence['strength']), level }
}

function evidenceOf(cells: Cells, row: Row, start: number, end: number, strength: Evidence['strength']): Evidence {
  let last = end
  while (last < cells.line.length && last - end < WORD_END && cells.line[last] !== ' ' && !isMark(cells.line[last]!))
    last++
  const from = cells.from[start]!
  const to = cells.to[last - 1]!
  return { cue: row.of, phrase: '', start: from, end: to, strength, items: row.entry.items }
}

/** Of places that overlap the heaviest says what they mean, and covers them all. */
function joined(found: readonly Found[]): Found[] {
  const result: Found[] = []
  for (const next of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = result.at(-1)
    if (!before || next.start >= before.end) result.push(next)
    else
      result[result.length - 1] = {
        ...before,
        end: Math.max(before.end, next.end),
        strength: Math.max(before.strength, next.strength) as Evidence['strength'],
        items: [...new Set([...before.items, ...next.items])],
        level: rank(next.level) > rank(before.level) ? next.level : before.level,
      }
  }
  return result
}

/**
 * The cues and crisis words of a text. Pure, and linear in its length. Says what was said, not how the person is: most ways of saying a thing are in no lexicon, so
 * that nothing found means nothing.
 */
export function findings(text: string): Findings {
  const cells = cellsOf(text)
  const weighed = new Map<Row['of'], number>()
  const found = new Map<Row['of'], Found[]>()
  const put = (of: Row['of'], one: Found) => found.get(of)?.push(one) ?? found.set(of, [one])
  let beyond: SafetyLevel = 'none'
  search(matcher(), cells, (hit) => {
    const { of, level } = hit.value
    const times = weighed.get(of) ?? 0
    weighed.set(of, times + 1)
    if (times >= WEIGHED) {
      if (of === 'crisis' && rank(level) > rank(beyond)) beyond = level
      return
    }
    const one = weigh(cells, hit)
    if (one) put(of, one)
  })
  const all = [...found.values()].flatMap(joined)
  const safety = all.reduce<SafetyLevel>((level, one) => (rank(one.level) > rank(level) ? one.level : level), beyond)
  const evidence = all
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map(({ cue, start, end, strength, items }): Evidence => {
      return { cue, phrase: text.slice(start, end), start, end, strength, items }
    })
  return { evidence, safety }
}
