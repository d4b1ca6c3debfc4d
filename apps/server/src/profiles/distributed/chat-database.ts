import {
  openMongodbChat,
  openMysqlChat,
  OtherPartitions,
  OtherStore,
  type Chat,
  type MysqlChat,
} from '@bigtech/chat-service/adapters'
import type { ReadinessCheck } from '@bigtech/http'
import type { Settings } from '../../config.ts'
import { StartupError } from '../../startup-error.ts'
import type { Engines } from './engines.ts'

export type ChatDatabase = Omit<MysqlChat<Chat>, 'check'> &
  Readonly<{
    /** By engines. */
    readiness: Readonly<Record<string, ReadinessCheck>>
  }>

type Options = Parameters<typeof openMysqlChat>[0]

/** The storage of the chats, as MESSAGE_STORE says. @throws StartupError */
export async function openChatDatabase(
  reach: Engines['reach'],
  { MESSAGE_STORE: store, MONGODB_URL: url }: Pick<Settings, 'MESSAGE_STORE' | 'MONGODB_URL'>,
  options: Options,
): Promise<ChatDatabase> {
  try {
    if (store === 'mysql') {
      const chat = await reach('MySQL', () => openMysqlChat<Chat>(options))
      return { ...chat, readiness: { mysql: () => chat.check() } }
    }
    const { database, answerTimeoutMs } = options
    const mongodb = { url: url!, database, ...(answerTimeoutMs === undefined ? {} : { answerTimeoutMs }) }
    const chat = await reach('MySQL or MongoDB', () => openMongodbChat<Chat>({ ...options, mongodb }))
    return { ...chat, readiness: { mysql: () => chat.checkRooms(), mongodb: () => chat.check() } }
  } catch (error) {
    if (error instanceof OtherPartitions)
      throw new StartupError(`CHAT_PARTITIONS is not what it was: ${error.message}.`)
    if (error instanceof OtherStore)
      throw new StartupError(`MESSAGE_STORE, MONGODB_URL or MYSQL_URL is not what it was: ${error.message}.`)
    if (error instanceof Error && error.name === 'MongoParseError')
      throw new StartupError(`MONGODB_URL cannot be read: ${error.message}.`)
    throw error
  }
}
