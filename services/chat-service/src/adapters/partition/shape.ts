import type { Answer, ChatCommand } from './commands.ts'
import type { EntryBody } from './entries.ts'
import type { PartitionState } from './state.ts'

/** All of the chat as the partition log sees it. */
export type Chat = { body: EntryBody; command: ChatCommand; answer: Answer; state: PartitionState }
