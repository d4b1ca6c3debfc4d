import { CannotRebuild } from '@bigtech/chat-service/adapters'
import { createLogger } from '@bigtech/telemetry'
import { config } from './config.ts'
import { openChatDatabase } from './profiles/distributed/chat-database.ts'
import { databaseOf, reach } from './profiles/distributed/engines.ts'
import { StartupError } from './startup-error.ts'

/** ms. An operator waits longer for a statement than a request does. */
const ANSWER_MS = 60_000
const PROGRESS_MS = 2_000

/**
 * Makes the tables of one partition of the chats, or of all one after the other, anew from the log; servers may run meanwhile.
 * @param asked a number or `all`
 * @throws StartupError, after all that can be made anew were
 */
export async function rebuildProjections(asked: string | undefined, env: NodeJS.ProcessEnv): Promise<void> {
  if (env['PROFILE'] !== 'distributed')
    throw new StartupError(
      'There is nothing to rebuild: PROFILE=distributed alone has its chats in a log that tables are made of.',
    )
  const settings = config.parse({ ...env, ROLES: 'chat', NODE_ID: '' })
  const { CHAT_PARTITIONS: partitions } = settings
  const those = partitionsOf(asked, partitions)
  const logger = createLogger({ level: 'warn' })
  const chat = await openChatDatabase((what, open) => reach(what, open, logger), settings, {
    ...databaseOf(settings, 'chat_service'),
    answerTimeoutMs: ANSWER_MS,
    partitions,
  })
  const failed: number[] = []
  try {
    console.log('Until a partition is made anew, its rooms are missing or old to whoever reads them.')
    for (const p of those) {
      const from = performance.now()
      try {
        const documents = await chat.rebuild(p, progressOf(p))
        const seconds = ((performance.now() - from) / 1_000).toFixed(1)
        console.log(`Partition ${p}: made anew from ${documents} documents in ${seconds} s.`)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const became = error instanceof CannotRebuild ? 'nothing was changed' : 'it is to be made anew once more'
        console.error(`Partition ${p}: ${became}; ${message}.`)
        failed.push(p)
      }
    }
  } finally {
    await chat.close()
  }
  if (failed.length > 0)
    throw new StartupError(
      `Not made anew: ${failed.join(', ')}. What the log has no more, only a backup of their tables has.`,
    )
}

function partitionsOf(asked: string | undefined, partitions: number): number[] {
  const all = [...Array(partitions).keys()]
  if (asked === 'all') return all
  const there = `${partitions === 1 ? 'there is only 0' : `they are 0 to ${partitions - 1}`} (CHAT_PARTITIONS=${partitions})`
  if (asked === undefined) throw new StartupError(`rebuild-projections needs --partition, a number or all; ${there}.`)
  const p = /^(0|[1-9]\d*)$/.test(asked) ? all[Number(asked)] : undefined
  if (p === undefined) throw new StartupError(`There is no partition ${asked}; ${there}.`)
  return [p]
}

function progressOf(p: number): (documents: number) => void {
  let told = performance.now()
  return (documents) => {
    if (performance.now() - told < PROGRESS_MS) return
    told = performance.now()
    console.log(`Partition ${p}: ${documents} documents so far …`)
  }
}
