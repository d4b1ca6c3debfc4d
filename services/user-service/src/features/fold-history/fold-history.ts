import type { Clock } from '@bigtech/kernel'
import type { UserStore } from '../../ports.ts'

/** Accounts in one query, and in one run: the next goes on. */
const AT_ONCE = 500
const PER_RUN = 20_000

/**
 * Forgets when and with what people signed in longer than `keptMs` ago: what is so old of their streams becomes one event that has its result.
 * Each account is a transaction of its own.
 * @returns how many events are gone
 */
export async function foldHistories(
  { store, clock }: { store: Pick<UserStore, 'users' | 'transaction'>; clock: Clock },
  keptMs: number,
): Promise<number> {
  const before = clock.now() - keptMs
  let gone = 0
  for (let accounts = 0; accounts < PER_RUN;) {
    const ids = await store.users.withOldVisits(before, AT_ONCE)
    if (ids.length === 0) break
    accounts += ids.length
    for (const id of ids) gone += await store.transaction((tx) => tx.users.fold(id, before))
  }
  return gone
}
