import type { HttpClient } from '@bigtech/resilience'
import type { People } from '../../link-ports.ts'

type Profile = Readonly<{ id: number; status: string }>

/** Until its closure is complete or cancelled an account cannot be used by its owner either. */
const IS_GONE: readonly string[] = ['closing', 'closed']

/** user-service over HTTP, with the caller's own token; at most 100 people a call. */
export const createPeople = (client: HttpClient): People => ({
  async gone(userIds, authorization) {
    const query = { user_ids: userIds.join(',') }
    const found = await client.get<Profile[]>('/users', { query, headers: { authorization }, decode: profilesOf })
    const there = new Set(found.filter(({ status }) => !IS_GONE.includes(status)).map(({ id }) => id))
    return new Set(userIds.filter((id) => !there.has(id)))
  },
})

/** An answer of another shape would say of everybody that they are gone. */
function profilesOf(body: unknown): Profile[] {
  if (!Array.isArray(body)) throw new TypeError('user-service answers no list of people')
  return body as Profile[]
}
