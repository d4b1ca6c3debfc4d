import type { AccountStatus, PublicProfile } from '@bigtech/client'
import { shallowRef } from 'vue'
import { client } from '../../app/client.ts'

/** People by their ids, each asked for once. Closed accounts have no name any more. */
export function usePeople() {
  const people = shallowRef<ReadonlyMap<number, PublicProfile>>(new Map())
  const add = (found: readonly PublicProfile[]) =>
    (people.value = new Map([...people.value, ...found.map((one) => [one.id, one] as const)]))
  return {
    /** @param ids at most 100 that are new */
    async learn(ids: readonly number[]): Promise<void> {
      const missing = [...new Set(ids)].filter((id) => !people.value.has(id))
      if (missing.length > 0) add(await client.users.byIds(missing))
    },
    nameOf: (id: number): string => `${people.value.get(id)?.display_name ?? ''} #${id}`.trim(),
    statusOf: (id: number): AccountStatus | undefined => people.value.get(id)?.status,
    becomes(id: number, status: AccountStatus): void {
      const one = people.value.get(id)
      if (one) add([{ ...one, status }])
    },
  }
}
