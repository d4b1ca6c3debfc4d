import type { createSqliteChatStore } from '@bigtech/chat-service/adapters'
import type { Logger } from '@bigtech/telemetry'

/** What the operator hears of the file of the chats. */
export const chatStoreEvents = (logger: Logger): Parameters<typeof createSqliteChatStore>[1] => ({
  onTrouble: (what, error) => logger.warn({ err: error }, `${what} on chat.db failed; it is tried again`),
  onIndexRenewed: (reason) =>
    logger.warn(`chat-search.db is made anew: ${reason}. Searches find the newest messages first, and soon all`),
  onSearchLost: (error, againInMs) =>
    logger.error(
      { err: error },
      `the search thread of chat-service stopped; it is started again in ${againInMs / 1_000} s, and searches are refused until then`,
    ),
})
