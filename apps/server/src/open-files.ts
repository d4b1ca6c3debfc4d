import { readFileSync } from 'node:fs'

/** For databases, log, uploads and ordinary HTTP connections. */
const RESERVED = 500

/**
 * How many streams this process can hold: what the setting says, but not more than its limit on open files leaves. Beyond that
 * the system would refuse connections without an answer, and files with them. The limit is known on Linux only.
 */
export function streamsThatFit(wanted: number): number {
  let limits: string
  try {
    limits = readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return wanted
  }
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity)
  return Math.max(1, Math.min(wanted, soft - RESERVED))
}
