import type { Violation } from '../checker/violation.ts'
import type { Entry } from '../history/types.ts'
import type { Played } from './round.ts'

/** Counts what happened in a run. */
export function createTotals() {
  const ops = new Map<string, { ok: number; failed: number; unknown: number }>()
  const faults = new Map<string, number>()
  const frames = new Map<string, number>()
  const counts = { frames: 0, connections: 0, resumes: 0, resyncs: 0, signIns: 0, events: 0, answers: 0, pushes: 0 }
  const operated = { left_out: 0, slow_readers: 0 }
  const kinds = new Map<string, number>()
  const add = (map: Map<string, number>, key: string, n = 1) => void map.set(key, (map.get(key) ?? 0) + n)

  const take = (entry: Entry) => {
    if (entry.type === 'answer') counts.answers++
    if (entry.type === 'op') {
      const row = ops.get(entry.do) ?? { ok: 0, failed: 0, unknown: 0 }
      row[entry.outcome]++
      ops.set(entry.do, row)
    }
    if (entry.type !== 'frame') return
    counts.frames++
    add(frames, entry.frame.type)
    if (entry.frame.type === 'replayed') counts.resumes++
    if (entry.frame.type === 'resync_required') counts.resyncs++
  }

  const text = (map: ReadonlyMap<string, number>) =>
    [...map]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, n]) => `${name} ${n}`)
      .join(', ') || 'none'
  const sum = (of: 'ok' | 'failed' | 'unknown') => [...ops.values()].reduce((total, row) => total + row[of], 0)

  return {
    add(played: Played, violations: readonly Violation[]): void {
      for (const entry of played.round.entries) take(entry)
      for (const [fault, n] of played.faults) add(faults, fault, n)
      for (const { kind } of violations) add(kinds, kind)
      counts.events += played.round.events.length
      counts.pushes += played.round.calm.told?.pushes.length ?? 0
      counts.connections += played.connections
      counts.signIns += played.signIns
      operated.left_out += played.left_out
      operated.slow_readers += played.slow_readers
    },
    /** What the files showed after the end. */
    addLast(violations: readonly Violation[]): void {
      for (const { kind } of violations) add(kinds, kind)
    },
    lineOf({ round, faults: struck }: Played, violations: readonly Violation[]): string {
      const done = round.entries.filter(({ type }) => type === 'op').length
      const rows = round.views.reduce((most, view) => Math.max(most, view.rows.length), 0)
      return `round ${round.number}: ${done} operations, ${rows} messages in the largest room, faults: ${text(struck)}; ${violations.length} violations`
    },
    violations: () => [...kinds.values()].reduce((total, n) => total + n, 0),
    lines(): string[] {
      const table = [...ops].toSorted(([a], [b]) => (a < b ? -1 : 1))
      return [
        '',
        `${'operation'.padEnd(14)} ${'ok'.padStart(8)} ${'refused'.padStart(8)} ${'unknown'.padStart(8)}`,
        ...table.map(([name, row]) => {
          const cells = [row.ok, row.failed, row.unknown].map((n) => `${n}`.padStart(8))
          return `${name.padEnd(14)} ${cells.join(' ')}`
        }),
        `${'all'.padEnd(14)} ${[sum('ok'), sum('failed'), sum('unknown')].map((n) => `${n}`.padStart(8)).join(' ')}`,
        '',
        `faults: ${text(faults)}; slow readers closed by the server: ${operated.slow_readers}`,
        `frames received: ${counts.frames} (${text(frames)})`,
        `connections ${counts.connections}, resumes ${counts.resumes}, resyncs ${counts.resyncs}, signed in ${counts.signIns} times`,
        `snapshots, pages and pulls read: ${counts.answers}; events checked: ${counts.events}; pushes: ${counts.pushes}; operations left out: ${operated.left_out}`,
        `violations: ${[...kinds.values()].reduce((total, n) => total + n, 0)}${kinds.size > 0 ? ` (${text(kinds)})` : ''}`,
      ]
    },
  }
}
