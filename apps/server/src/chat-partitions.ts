import { createLogger } from '@bigtech/telemetry'
import { config, type Settings } from './config.ts'
import { openChatDatabase, type ChatDatabase } from './profiles/distributed/chat-database.ts'
import { databaseOf, reach } from './profiles/distributed/engines.ts'

/** ms. An operator waits longer for a statement than a request does. */
const ANSWER_MS = 60_000
const PROGRESS_MS = 2_000

export const operatorLogger = createLogger({ level: 'warn' })

/** The settings of a process of chat-service, whatever else is in the environment. */
export const settingsOfChat = (env: NodeJS.ProcessEnv): Settings => config.parse({ ...env, ROLES: 'chat', NODE_ID: '' })

/** The storage of the chats for what an operator does to its partitions. */
export const openPartitions = (settings: Settings): Promise<ChatDatabase> =>
  openChatDatabase((what, open) => reach(what, open, operatorLogger), settings, {
    ...databaseOf(settings, 'chat_service'),
    answerTimeoutMs: ANSWER_MS,
    partitions: settings.CHAT_PARTITIONS,
  })

/** Tells every two seconds how many there were so far. */
export function progressOf(p: number, what: string): (done: number) => void {
  let told = performance.now()
  return (done) => {
    if (performance.now() - told < PROGRESS_MS) return
    told = performance.now()
    console.log(`Partition ${p}: ${done} ${what} so far …`)
  }
}
