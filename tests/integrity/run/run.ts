import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkRound } from '../checker/check.ts'
import { explain } from '../checker/explain.ts'
import { createPoisonLedger } from '../checker/poison.ts'
import { createRecount } from '../checker/statistics.ts'
import { createTellings } from '../checker/tellings.ts'
import type { Violation } from '../checker/violation.ts'
import { createRecorder } from '../history/recorder.ts'
import type { Round } from '../history/types.ts'
import { OptionError, type Options } from '../options.ts'
import { planRun } from '../schedule/schedule.ts'
import { SABOTAGES, type SabotageName } from '../sabotage/table.ts'
import { createDisk } from '../world/disk.ts'
import { createCluster } from '../world/cluster.ts'
import { createServerHost } from '../world/server.ts'
import { createDevices } from './devices.ts'
import { createTotals } from './totals.ts'
import { playRound } from './round.ts'

/** Runs what the options ask for and prints it. @returns the number of violations */
export async function runAll(options: Options, notes: string, print: (line: string) => void): Promise<number> {
  const cleanups: (() => unknown)[] = []
  const t = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  const schedule = planRun(options)
  const totals = createTotals()
  const found: string[] = []
  const report = join(notes, 'violations.txt')
  print(`seed ${options.seed} · schedule ${schedule.digest} · ${options.seconds} s in ${schedule.rounds.length} rounds`)
  if (options.out) beginHistory(options.out)
  try {
    const disk = createDisk(t)
    if (!disk.fill && options.faults.includes('disk')) print(`no disk can be filled here: ${disk.reason}`)
    const made = { notes, ...damage(options.sabotage) }
    const server =
      options.profile === 'distributed'
        ? await createCluster(t, { nodes: options.nodes, ...made })
        : await createServerHost(t, { dir: disk.dir, ...made })
    await server.start()
    const recorder = createRecorder()
    const devices = await createDevices(t, recorder)
    const poison = createPoisonLedger(server.groups)
    const tellings = createTellings()
    let judged = 0
    const world = { ...options, server, disk, recorder, recount: createRecount(), devices, poison }
    for (const plan of schedule.rounds) {
      const played = await playRound(world, plan).catch((error: unknown) => {
        print(`the server's last words: ${server.output()}`)
        throw error
      })
      const { statistics } = played.round.calm
      const pushes = devices.pushes().slice(judged)
      judged += pushes.length
      const violations = [
        ...checkRound(played.round),
        ...(statistics ? world.recount.compare(statistics) : []),
        ...tellings.take(pushes, played.round.entries),
        ...poison.missing(),
      ]
      totals.add(played, violations)
      print(totals.lineOf(played, violations))
      if (options.out) writeRound(options.out, played.round)
      for (const violation of violations) tell(report, played.round, violation)
      found.push(...violations.map(({ kind, what }) => `${kind}: ${what}`))
      if (violations.length > 0) await server.keep?.(join(notes, `data-${played.round.number}.tar.zst`)).catch(print)
      // What was broken on purpose is found out.
      if (options.sabotage !== null && violations.length > 0) break
    }
    const left = await server.stop()
    totals.addLast(left)
    for (const { kind, what } of left) appendFileSync(report, `after the end: ${kind}: ${what}\n`)
    found.push(...left.map(({ kind, what }) => `after the end: ${kind}: ${what}`))
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  }
  for (const line of totals.lines()) print(line)
  // At the end, which is what is seen of a long run.
  for (const line of found.slice(0, 10)) print(`  ${line}`)
  if (totals.violations() > 0)
    print(
      `\neach violation with its part of the history: ${report}\nthe server's log and backups of its data: in the same folder`,
    )
  return totals.violations()
}

/** @throws OptionError when the file cannot be written */
function beginHistory(path: string): void {
  try {
    writeFileSync(path, '')
  } catch (error) {
    throw new OptionError(`--out must be a file that can be written: ${(error as Error).message}`)
  }
}

/** What makes the server do wrong. */
function damage(sabotage: SabotageName | null): { preloads: string[]; env: Record<string, string> } {
  if (sabotage === null) return { preloads: [], env: {} }
  const { preload } = SABOTAGES[sabotage]
  return { preloads: [join(import.meta.dirname, '../sabotage', preload)], env: { SABOTAGE: sabotage } }
}

function writeRound(file: string, { entries, ...rest }: Round): void {
  for (const entry of entries) appendFileSync(file, `${JSON.stringify(entry)}\n`)
  appendFileSync(file, `${JSON.stringify({ type: 'calm', ...rest })}\n`)
}

function tell(file: string, round: Round, violation: Violation): void {
  appendFileSync(file, `round ${round.number}: ${violation.kind}: ${violation.what}\n${explain(round, violation)}\n\n`)
}
