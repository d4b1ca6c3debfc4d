import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds, rssOf } from '../harness/processes.ts'
import type { Figures, Options } from '../harness/workload.ts'

/** Pids by what they do: each has figures of its own, `chat_cpu_cores`. */
export type Processes = Readonly<Record<string, readonly number[]>>

/** How long what was sent may take to arrive after the end of a round. */
const DRAIN_MS = 60_000

/**
 * One round of a generator: warm-up, measuring time, drain.
 * @param serverPid of the server, or of all its processes: their figures are added up; or of several parts by names
 * @param round.begin the measuring time begins: figures count from here
 * @param round.end the measuring time is over after this many seconds: nothing more is sent
 * @param round.missing what is still under way; the round fails unless it comes to nothing
 * @returns the round's figures, and processor time (cores used) and memory of the server and of this process
 */
export async function measurePeriod(
  { seconds, warmUpSeconds }: Options,
  serverPid: number | readonly number[] | Processes,
  round: { begin(): void; end(elapsedS: number): Figures; missing(): string | undefined },
): Promise<Figures> {
  const parts: [name: string, pids: readonly number[]][] =
    typeof serverPid === 'number' || isList(serverPid) ? [['server', [serverPid].flat()]] : Object.entries(serverPid)
  const spent = () => parts.map(([, pids]) => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0))
  await sleep(warmUpSeconds * 1_000)
  round.begin()
  const began = performance.now()
  const before = spent()
  const client = cpuSeconds(process.pid)
  await sleep(seconds * 1_000)
  const elapsedS = (performance.now() - began) / 1_000
  const figures = {
    ...round.end(elapsedS),
    ...Object.fromEntries(spent().map((now, i) => [`${parts[i]![0]}_cpu_cores`, (now - before[i]!) / elapsedS])),
    client_cpu_cores: (cpuSeconds(process.pid) - client) / elapsedS,
    ...Object.fromEntries(
      parts.map(([name, pids]) => [`${name}_rss_mib`, pids.reduce((sum, pid) => sum + rssOf(pid), 0)]),
    ),
  }
  const until = performance.now() + DRAIN_MS
  for (let missing = round.missing(); missing !== undefined; missing = round.missing()) {
    if (performance.now() > until) throw new Error(`lost: ${missing}`)
    await sleep(20)
  }
  return figures
}

const isList = (pids: readonly number[] | Processes): pids is readonly number[] => Array.isArray(pids)
