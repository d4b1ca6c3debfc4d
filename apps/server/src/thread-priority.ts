import { readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Logger } from '@bigtech/telemetry'

const NICE = 10

/** The name of the threads of libuv's pool, where passwords are hashed and images scaled. */
const BACKGROUND = 'libuv-worker'

/**
 * Background work can keep every core busy. Its threads give way to those that deliver messages: on Linux a thread has a priority of
 * its own. Elsewhere nothing happens. The search index's thread does so by itself, as it may be started again.
 */
export async function lowerBackgroundPriority(logger: Logger): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    await stat('.') // the pool starts with its first work
    for (const thread of readdirSync('/proc/self/task'))
      if (readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() === BACKGROUND)
        setPriority(Number(thread), NICE)
  } catch (error) {
    logger.info({ err: error }, 'the priority of background threads could not be lowered')
  }
}
