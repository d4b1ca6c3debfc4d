import { CannotRebuild } from '@bigtech/chat-service/adapters'
import { openPartitions, progressOf, settingsOfChat } from './chat-partitions.ts'
import { StartupError } from './startup-error.ts'

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
  const settings = settingsOfChat(env)
  const those = partitionsOf(asked, settings.CHAT_PARTITIONS)
  const chat = await openPartitions(settings)
  const failed: number[] = []
  try {
    console.log('Until a partition is made anew, its rooms are missing or old to whoever reads them.')
    for (const p of those) {
      const from = performance.now()
      try {
        const documents = await chat.rebuild(p, progressOf(p, 'documents'))
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
