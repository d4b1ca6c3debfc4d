import { HttpStatusError, type HttpClient } from '@bigtech/resilience'
import type { MessageDirectory } from '../../ports.ts'

/** chat-service over HTTP, with the caller's own token. */
export function createMessageDirectory(client: HttpClient): MessageDirectory {
  async function isReadable(id: string, authorization: string): Promise<boolean> {
    const [, room, seq] = /^msg_(\d+)_(\d+)$/.exec(id) ?? []
    try {
      const query = { after_seq: Number(seq) - 1, limit: 1 }
      const { items } = await client.get<{ items: { id: string }[] }>(`/messages/${room}`, {
        query,
        headers: { authorization },
      })
      return items.some((item) => item.id === id)
    } catch (error) {
      // No room of the caller's, or none at all.
      if (error instanceof HttpStatusError && [403, 404].includes(error.status)) return false
      throw error
    }
  }
  return {
    async areReadable(ids, authorization) {
      const found = await Promise.all(ids.map((id) => isReadable(id, authorization)))
      return !found.includes(false)
    },
  }
}
