import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Workload } from './workload.ts'

const FOLDER = join(import.meta.dirname, '../workloads')

/** The workloads of every file of `bench/workloads`, in the files' alphabetical order. */
export async function findWorkloads(): Promise<Workload[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'))
  const found: Workload[] = []
  for (const file of files.toSorted())
    found.push(...((await import(join(FOLDER, file))) as { workloads: readonly Workload[] }).workloads)
  return found
}
