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

/**
 * What failed, for the end of a long log, of which often no more than that is kept: a line per failed test, then what its error says, without
 * the stack but for the place in the test; or the error that ended the file.
 * @param output of the spec reporter
 */
export function failureLines(output: string): string[] {
  const [, failing] = output.split('✖ failing tests:')
  if (failing === undefined) return output.split('\n').filter((line) => /^\w*Error\b/.test(line))
  return failing.split(/^(?=✖)/m).flatMap((block) => {
    if (!block.startsWith('✖')) return []
    const lines = block.split('\n').filter((line) => line.trim() !== '')
    const stack = lines.findIndex((line) => /^\s+at /.test(line))
    const said = stack < 0 ? lines.filter((line) => !line.startsWith('test at ')) : lines.slice(0, stack)
    const place = lines.find((line) => /^\s+at .*\.test\.\w+:\d/.test(line))
    return [
      ...said.slice(0, MOST_LINES),
      ...(said.length > MOST_LINES ? ['  …'] : []),
      ...(place === undefined ? [] : [`  ${place.trim()}`]),
    ]
  })
}

/** The closing line that CI reads. */
export function closingLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
