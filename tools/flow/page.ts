import { STATUS_CODES } from 'node:http'
import { END, INTRODUCTION } from './story.ts'
import { createPlaceholders, withoutSecrets, type Replace } from './placeholders.ts'
import type { Happened } from './run.ts'
import type { KafkaRecord, KeyChange, Position, RowChange } from './watch.ts'

type Part = Readonly<{ name: string; language: string; lines: readonly string[] }>

const WRITTEN = '<!-- Written by `npm run flow -- --markdown` from a run: change tools/flow/story.ts. -->'

/** docs/registration-flow.md; equal for every run that does the same. */
export function toMarkdown(happened: readonly Happened[]): string {
  const replace = createPlaceholders()
  const sections = happened.map((one, n) => {
    const parts = partsOf(one, replace).map(
      ({ name, language, lines }) => `**${name}**\n\n\`\`\`${language}\n${lines.join('\n')}\n\`\`\``,
    )
    return [`## ${n + 1}. ${one.step.title}`, one.step.text, ...parts].join('\n\n')
  })
  return `${[INTRODUCTION, WRITTEN, ...sections, END].join('\n\n')}\n`
}

/** For a terminal, with the ids and times of this run. */
export function toText(happened: Happened, n: number): string {
  const parts = partsOf(happened, withoutSecrets).map(
    ({ name, lines }) => `  ${name}\n${lines.map((line) => `    ${line}`).join('\n')}`,
  )
  return [`\n${n}. ${happened.step.title}`, ...parts].join('\n\n')
}

function partsOf({ exchange, rows, keys, records, positions }: Happened, replace: Replace): Part[] {
  const parts: Part[] = [
    { name: 'Call', language: 'http', lines: exchange ? callLines(exchange) : [] },
    { name: 'MySQL', language: 'text', lines: rows.flatMap(rowLines) },
    { name: 'Redis', language: 'text', lines: keys.flatMap(keyLines) },
    { name: 'Kafka', language: 'text', lines: [...records.flatMap(recordLines), ...positions.map(positionLine)] },
  ]
  const filled = parts.filter(({ lines }) => lines.length > 0)
  return filled.map((part) => ({ ...part, lines: part.lines.map(replace) }))
}

function callLines({ request, answer }: NonNullable<Happened['exchange']>): string[] {
  return [
    `${request.method} ${request.path}`,
    ...(request.signedIn ? ['Authorization: Bearer ‹access token›'] : []),
    ...(request.body ? ['', ...pretty(request.body)] : []),
    '',
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    '',
    ...pretty(JSON.parse(answer.body)),
  ]
}

const SIGN = { new: '+', changed: '~', gone: '-' } as const

function rowLines({ table, how, row }: RowChange): string[] {
  return [`${SIGN[how]} ${table}`, ...columns(row)]
}

/** Name and value below each other; JSON in a column is laid out. */
function columns(row: Readonly<Record<string, string | number>>): string[] {
  const width = Math.max(...Object.keys(row).map((name) => name.length))
  return Object.entries(row).flatMap(([name, value]) => {
    const [first, ...more] = typeof value === 'string' && value.startsWith('{') ? pretty(JSON.parse(value)) : [value]
    return [`    ${name.padEnd(width)}  ${first}`, ...more.map((line) => `    ${line}`)]
  })
}

/** A key is looked at a moment after it was set: the minute it was set to is the next full one. */
function keyLines(change: KeyChange): string[] {
  if ('gone' in change) return [`- ${change.key}`]
  const { key, value, ttlMs } = change
  const until = ttlMs < 0 ? 'does not expire' : `expires within ${Math.ceil(ttlMs / 60_000) * 60} s`
  return [`+ ${key}   (${until})`, `    ${value}`]
}

function recordLines({ topic, partition, offset, key, headers, value }: KafkaRecord): string[] {
  return [
    `+ ${topic}, partition ${partition}, offset ${offset}, key ${key}`,
    ...columns(headers),
    ...pretty(JSON.parse(value)).map((line) => `    ${line}`),
  ]
}

function positionLine({ topic, partition, groups }: Position): string {
  const each = Object.entries(groups).map(([group, offset]) => `${group} ${offset}`)
  return `~ ${topic}, partition ${partition}: the groups go on at ${each.join(', ')}`
}

const pretty = (value: unknown): string[] => JSON.stringify(value, null, 2).split('\n')
