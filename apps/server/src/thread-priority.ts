import { readdirSync, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Logger } from '@bigtech/telemetry'

const NICE = 10

/**
 * Password hashing and image work run in libuv's pool and can keep every core busy. There they give way to the threads that
 * deliver messages: on Linux a thread has a priority of its own. Elsewhere nothing happens.
 */
export async function lowerPoolPriority(logger: Logger): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    await stat('.') // the pool starts with its first work
    for (const thread of readdirSync('/proc/self/task'))
      if (readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').startsWith('libuv-worker'))
        setPriority(Number(thread), NICE)
  } catch (error) {
    logger.info({ err: error }, 'the priority of background threads could not be lowered')
  }
}
