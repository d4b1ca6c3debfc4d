import { readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Logger } from '@bigtech/telemetry'

const NICE = 10

/** Names of threads: libuv's pool, where passwords are hashed and images scaled, and chat-service's search index. */
const BACKGROUND = ['libuv-worker', 'search']

/**
 * Background work can keep every core busy. Its threads give way to those that deliver messages: on Linux a thread has a priority of
 * its own. Elsewhere nothing happens.
 */
export async function lowerBackgroundPriority(logger: Logger): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    await stat('.') // the pool starts with its first work
    for (const thread of readdirSync('/proc/self/task'))
      if (BACKGROUND.includes(readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim()))
        setPriority(Number(thread), NICE)
  } catch (error) {
    logger.info({ err: error }, 'the priority of background threads could not be lowered')
  }
}
