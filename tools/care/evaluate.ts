import { readFileSync } from 'node:fs'
import { evaluate, parseLabelled, type Counts, type Evaluation } from '@bigtech/ai-service/evaluation'

const HELP = `npm run care:evaluate -- FILE.jsonl [FILE.jsonl …]

Prints how well the rules of the care service find what is labelled: precision and recall of each cue and of crisis, then every miss and every false alarm.

A line of a file: {"text": "…", "labels": ["sleep", "crisis"]}. Labels: the cues of services/ai-service/src/domain/types.ts; crisis (found at the
levels concern and immediate); past_crisis (found at past); neg, idiom, happy, reported, past (nothing should be found).

  --help   this text`

const share = (part: number, whole: number): string => (whole === 0 ? '   –' : (part / whole).toFixed(2)).padStart(9)

const row = (name: string, { right, falseAlarms, missed }: Counts): string =>
  [
    name.padEnd(14),
    String(right + missed).padStart(8),
    String(right).padStart(6),
    String(missed).padStart(7),
    String(falseAlarms).padStart(13),
    share(right, right + falseAlarms),
    share(right, right + missed),
  ].join('')

function report(file: string, { sentences, exact, rows, allCues, mistakes }: Evaluation): string {
  return [
    `${file}: ${sentences} sentences, ${exact} with everything right`,
    '',
    'what           labelled found missed false alarms precision   recall',
    ...rows
      .filter(({ name }) => name !== 'crisis' && name !== 'past_crisis')
      .map(({ name, ...counts }) => row(name, counts)),
    row('all cues', allCues),
    ...rows
      .filter(({ name }) => name === 'crisis' || name === 'past_crisis')
      .map(({ name, ...counts }) => row(name, counts)),
    '',
    ...mistakes.map(({ kind, what, line, text, found }) => `${kind} ${what}, line ${line}: ${text} (${found})`),
    mistakes.length === 0 ? 'no miss, no false alarm' : `${mistakes.length} misses and false alarms`,
  ].join('\n')
}

/** @returns the exit code: 0, or 2 for a file that cannot be read or has bad lines (nothing is counted then) */
function main(args: readonly string[]): number {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP)
    return 0
  }
  if (args.length === 0 || args.some((arg) => arg.startsWith('-'))) {
    console.error(HELP)
    return 2
  }
  let code = 0
  for (const file of args) {
    let content: string
    try {
      content = readFileSync(file, 'utf8')
    } catch (error) {
      console.error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`)
      code = 2
      continue
    }
    const { sentences, problems } = parseLabelled(content)
    for (const { line, message } of problems) console.error(`${file}:${line}: ${message}`)
    if (problems.length === 0 && sentences.length === 0) console.error(`${file}: holds no sentence`)
    if (problems.length > 0 || sentences.length === 0) code = 2
    else console.log(report(file, evaluate(sentences)))
  }
  return code
}

process.exitCode = main(process.argv.slice(2))
