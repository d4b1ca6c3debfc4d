import type { LogStore, Position } from '@bigtech/partition-log'
import type { Answer, ChatCommand } from './commands.ts'
import { upgrade, type Bodies, type ChatEntry } from './entries.ts'

/**
 * A command is repeated by its process for 3 s, and a request by its client: when the process that had taken its Idempotency-Key was killed, not before the key is
 * free again, after a minute. Clocks may differ.
 */
const REPEATED_WITHIN_US = 90_000_000
const DOCUMENTS_AT_ONCE = 100
/** Where clocks went back there is no telling how long ago a document was. */
const MOST_DOCUMENTS = 2_000

/**
 * The latest commands of a partition by their keys, for a new owner: the first entry of each. Messages with a `client_message_id` are found
 * among the messages for ever; of all others nothing is kept but the log itself.
 */
export async function recentCommands(
  log: LogStore<Bodies>,
  p: number,
  { n, at }: Position,
): Promise<ReadonlyMap<string, ChatEntry>> {
  const found = new Map<string, ChatEntry>()
  const last = Math.max(0, n - MOST_DOCUMENTS)
  for (let before = n + 1; before > last + 1;) {
    const from = Math.max(last + 1, before - DOCUMENTS_AT_ONCE)
    const documents = await log.read(p, from, before - from)
    // From the end: the first entry of a command is the one that stays.
    for (const document of documents.toReversed())
      for (const entry of document.entries.toReversed()) found.set(entry.key, entry)
    if (documents.length === 0 || documents[0]!.at < at - REPEATED_WITHIN_US) break
    before = from
  }
  return found
}

/** What a command was answered, by the first entry that came of it. */
export function answerOf({ kind, asks }: ChatCommand, { body }: ChatEntry): Answer {
  const entry = upgrade(body)
  switch (kind) {
    case 'append':
      if (entry.kind !== 'message') break
      return { row: entry.row, unread_count: entry.unread_count, duplicate: false }
    case 'change':
      if (entry.kind !== 'changed') break
      return { row: entry.row, unread_count: entry.unread_count }
    case 'markRead':
      if (entry.kind !== 'read') break
      return { old_read_seq: entry.old_read_seq, read_seq: entry.read_seq }
    case 'openDirect':
      return { room_id: asks.room_id, created: entry.kind === 'created' }
    case 'createGroup':
      return { room_id: asks.room_id }
    case 'addMembers':
      if (entry.kind !== 'joined' && entry.kind !== 'invited') break
      return entry.outcome
    case 'declineInvitation':
    case 'removeMember':
      return true
    case 'acceptInvitation':
    case 'setRole':
    case 'rename':
      return 'done'
    case 'setInvite':
      if (entry.kind !== 'link') break
      return { code: entry.code, expires_at: entry.expires_at }
    case 'wasDone':
      return true
    case 'withdrawInvitation':
    case 'hideDirect':
    case 'setMuted':
    case 'setSettings':
      return null
  }
  throw new Error(`a key of ${kind} was used by a command that made '${entry.kind}'`)
}
