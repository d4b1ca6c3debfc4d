export { createMessageDirectory } from './http/message-directory.ts'
export { createUserDirectory } from './http/user-directory.ts'
export { openFriendDatabase, type FriendDatabase } from './sqlite/open.ts'
