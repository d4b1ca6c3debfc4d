import type { Account } from './accounts.ts'
import { json } from './http.ts'

export type Pair = { room_id: number; a: Account; b: Account }

/** A direct room for every two people. */
export async function createPairs(chat: string, accounts: readonly Account[]): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let i = 0; i + 1 < accounts.length; i += 2) {
    const [a, b] = [accounts[i]!, accounts[i + 1]!]
    const { id } = await json('POST', `${chat}/chat-rooms`, a.token, { type: 'direct', user_id: b.id })
    pairs.push({ room_id: Number(id), a, b })
  }
  return pairs
}
