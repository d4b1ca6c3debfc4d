import { openMysqlChat, OtherPartitions, type Chat } from '@bigtech/chat-service/adapters'
import { StartupError } from '../../startup-error.ts'
import type { Engines } from './engines.ts'

/** @throws StartupError */
export const openChatDatabase = (reach: Engines['reach'], options: Parameters<typeof openMysqlChat>[0]) =>
  reach('MySQL', () => openMysqlChat<Chat>(options)).catch((error: unknown) => {
    throw error instanceof OtherPartitions
      ? new StartupError(`CHAT_PARTITIONS is not what it was: ${error.message}.`)
      : error
  })
