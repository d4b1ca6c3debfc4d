/** `note`: cannot be told here, or is worth knowing; `warn`: works, and will cause trouble; `bad`: does not work. */
export type Level = 'ok' | 'note' | 'warn' | 'bad'

/** What was looked at, how it is, and what to do about it. */
export type Finding = Readonly<{ level: Level; about: string; says: string; todo?: string }>

const SIGNS: Readonly<Record<Level, string>> = { ok: '✔', note: '·', warn: '!', bad: '✖' }

/** A line each, and what to do below it; the sum in the end. */
export function reportOf(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ about }) => about.length))
  const lines = findings.flatMap(({ level, about, says, todo }) => [
    `${SIGNS[level]} ${about.padEnd(width)}  ${says}`,
    ...(todo === undefined ? [] : [`  ${' '.repeat(width)}  → ${todo}`]),
  ])
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  const [bad, warn] = [count('bad'), count('warn')]
  const sum = bad + warn === 0 ? 'Nothing is wrong.' : `${bad} must be mended, ${warn} should be.`
  return [...lines, '', sum].join('\n')
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
