import { findings } from './findings.ts'
import { CUES, type Cue, type SafetyLevel } from './types.ts'

/** Labels besides the cues. The last five say that nothing should be found: denied, an idiom, gladness, told of others, over. */
export const OTHER_LABELS = ['crisis', 'past_crisis', 'neg', 'idiom', 'happy', 'reported', 'past'] as const
export type Label = Cue | (typeof OTHER_LABELS)[number]
export type Labelled = Readonly<{ line: number; text: string; labels: readonly Label[] }>

export type LineProblem = Readonly<{ line: number; message: string }>

const LABELS: ReadonlySet<string> = new Set([...CUES, ...OTHER_LABELS])

function parseLine(line: number, content: string): Labelled | LineProblem {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch (error) {
    return { line, message: `is not JSON (${(error as Error).message})` }
  }
  const { text, labels } = (value ?? {}) as Readonly<{ text?: unknown; labels?: unknown }>
  if (typeof text !== 'string' || text.trim() === '')
    return { line, message: '"text" has to be a text that is not empty' }
  if (!Array.isArray(labels)) return { line, message: '"labels" has to be a list' }
  const unknown = labels.filter((label) => typeof label !== 'string' || !LABELS.has(label))
  if (unknown.length > 0)
    return { line, message: `no such label: ${unknown.map((label) => JSON.stringify(label)).join(', ')}` }
  return { line, text, labels: labels as Label[] }
}

/** Reads lines of `{"text": …, "labels": […]}`; empty lines are passed over, other fields too. */
export function parseLabelled(
  file: string,
): Readonly<{ sentences: readonly Labelled[]; problems: readonly LineProblem[] }> {
  const parsed = file
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((content, i) => (content.trim() === '' ? [] : [parseLine(i + 1, content)]))
  return {
    sentences: parsed.filter((one): one is Labelled => 'text' in one),
    problems: parsed.filter((one): one is LineProblem => 'message' in one),
  }
}

export type Counts = Readonly<{ right: number; falseAlarms: number; missed: number }>
export type Mistake = Readonly<{
  kind: 'missed' | 'false alarm'
  what: string
  line: number
  text: string
  /** What was found there instead of, or wrongly. */
  found: string
}>
export type Evaluation = Readonly<{
  sentences: number
  /** Sentences of which everything is right. */
  exact: number
  rows: readonly Readonly<{ name: string } & Counts>[]
  allCues: Counts
  mistakes: readonly Mistake[]
}>

const raised = (safety: SafetyLevel): boolean => safety === 'concern' || safety === 'immediate'

/** Counts what is found against what should be. Crisis is found at the levels `concern` and `immediate`; `past_crisis` at `past`. */
export function evaluate(sentences: readonly Labelled[]): Evaluation {
  const names = [...CUES, 'crisis', 'past_crisis'] as const
  const counts = new Map(names.map((name) => [name, { right: 0, falseAlarms: 0, missed: 0 }]))
  const mistakes: Mistake[] = []
  let exact = 0
  for (const { line, text, labels } of sentences) {
    const { evidence, safety } = findings(text)
    const got = new Set<string>(evidence.map(({ cue }) => cue).filter((cue) => cue !== 'crisis'))
    if (raised(safety)) got.add('crisis')
    if (safety === 'past') got.add('past_crisis')
    const before = mistakes.length
    for (const name of names) {
      const wanted = labels.includes(name)
      const count = counts.get(name)!
      if (wanted && got.has(name)) count.right++
      else if (wanted !== got.has(name)) {
        const phrases = evidence.filter(
          ({ cue }) => wanted || cue === name || (name.endsWith('crisis') && cue === 'crisis'),
        )
        const found = [`safety ${safety}`, ...phrases.map(({ cue, phrase }) => `${cue} "${phrase}"`)].join(', ')
        count[wanted ? 'missed' : 'falseAlarms']++
        mistakes.push({ kind: wanted ? 'missed' : 'false alarm', what: name, line, text, found })
      }
    }
    if (mistakes.length === before) exact++
  }
  const sum = (key: keyof Counts) => CUES.reduce((total, cue) => total + counts.get(cue)![key], 0)
  return {
    sentences: sentences.length,
    exact,
    rows: names.map((name) => ({ name, ...counts.get(name)! })),
    allCues: { right: sum('right'), falseAlarms: sum('falseAlarms'), missed: sum('missed') },
    mistakes,
  }
}
