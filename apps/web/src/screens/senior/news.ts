import type { Message } from '@bigtech/client'
import { chat } from '../../app/chat.ts'
import { client } from '../../app/client.ts'
import { heardUpTo } from './unheard.ts'

const PAGE = 50

/** What others wrote and what can be heard or shown of it. */
const isTold = ({ message_type, is_deleted, user_id }: Message): boolean =>
  message_type !== 'system' && !is_deleted && user_id !== chat.state.value.me

/** The messages of a room that were not heard, from the oldest on; when there is none, the last one once more. */
export function createNews(roomId: number) {
  let after: number | undefined
  let queue: Message[] = []
  let again = false

  /** @returns undefined when everything has been told. @throws ApiError, NetworkError */
  async function next(): Promise<Message | undefined> {
    while (queue.length === 0) {
      if (again) return undefined
      const room = chat.room(roomId)
      const first = after === undefined
      after ??= room ? heardUpTo(room) : 0
      const { items, last_seq } = await client.messages.page(roomId, { after_seq: after, limit: PAGE })
      const told = items.filter(isTold)
      queue = told
      after = items.at(-1)?.seq ?? last_seq
      if (told.length > 0 || after < last_seq) continue
      if (!first) return undefined
      again = true
      queue = (await client.messages.page(roomId, { limit: PAGE })).items.filter(isTold).slice(-1)
    }
    return queue.shift()
  }
  return { next }
}
