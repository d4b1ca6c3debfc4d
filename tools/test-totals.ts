export type Totals = Readonly<{ passed: number; failed: number; skipped: number }>

export const NONE: Totals = { passed: 0, failed: 0, skipped: 0 }

export const add = (a: Totals, b: Totals): Totals => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

const SUMMARY = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/gm

/**
 * The totals at the end of a `node --test` run (spec reporter). A run that ended before its summary, or that failed without a
 * failed test, counts as one failure: nothing can look better than it was.
 */
export function readTotals(output: string, exitCode: number): Totals {
  const counts = new Map<string, number>()
  for (const [, name, value] of output.matchAll(SUMMARY)) counts.set(name!, Number(value))
  const count = (name: string) => counts.get(name) ?? 0
  const failed = count('fail') + count('cancelled')
  const broken = !counts.has('tests') || (exitCode !== 0 && failed === 0)
  return { passed: count('pass'), failed: broken ? failed + 1 : failed, skipped: count('skipped') + count('todo') }
}

/** The output without its closing summary: only the totals over all runs are shown, once. */
export const withoutSummary = (output: string): string => output.replace(SUMMARY, '').trim()

/** The lines of tests that were skipped, with their reasons. */
export const skippedLines = (output: string): string[] => output.split('\n').filter((line) => /^\s*﹣/.test(line))

/** Lines of one error's message: enough for the difference of two values. */
const MOST_LINES = 16

/** One failed test: the line that names it, and what its error says. */
export type Failure = Readonly<{ name: string; details: readonly string[] }>

/**
 * What failed, for the end of a long log, of which often no more than that is kept: what the error says, without the stack but for the place in
 * the test. Of a file that ended without its list of failed tests (killed at its limit, or never loaded): the failures seen by then, and the error
 * that ended it.
 * @param output of the spec reporter
 */
export function failuresOf(output: string): Failure[] {
  const list = /^✖ failing tests:$/m.exec(output)
  if (!list)
    return output
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^(✖|\w*Error\b)/.test(line))
      .map((name) => ({ name, details: [] }))
  const blocks = output.slice(list.index + list[0].length).split(/^(?=✖)/m)
  return blocks.filter((block) => block.startsWith('✖')).map(failureOf)
}

function failureOf(block: string): Failure {
  const [name, ...lines] = block.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('test at '))
  const stack = lines.findIndex((line) => /^\s+at /.test(line))
  const said = stack < 0 ? lines : lines.slice(0, stack)
  const place = lines.find((line) => /^\s+at .*\.test\.\w+:\d/.test(line))
  const cause = lines.find((line) => /^\s+\[cause\]: /.test(line))
  return {
    name: name!,
    details: [
      ...said.slice(0, MOST_LINES),
      ...(said.length > MOST_LINES ? ['  …'] : []),
      ...(place === undefined ? [] : [`  ${place.trim()}`]),
      ...(cause === undefined ? [] : [`  ${cause.trim()}`]),
    ],
  }
}

/**
 * So many lines at most: all names first of all, then the details of as many as there is room for.
 * @returns lines; the last one says what was left off
 */
export function linesOfFailures(failures: readonly Failure[], most = 60): string[] {
  const named = failures.slice(0, most)
  let room = most - named.length
  const lines = named.flatMap(({ name, details }) => {
    if (details.length > room) return [name]
    room -= details.length
    return [name, ...details]
  })
  const left = failures.length - named.length
  return left > 0 ? [...lines, `… and ${left} more`] : lines
}

/** The closing line that CI reads. */
export function closingLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
