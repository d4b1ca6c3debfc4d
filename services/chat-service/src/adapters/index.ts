export { createUserDirectory } from './http/user-directory.ts'
export { createMemoryTickets } from './memory/tickets.ts'
export { createSqliteChatStore, type ChatStore } from './sqlite/store.ts'
