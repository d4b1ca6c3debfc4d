import { createTestClock } from '@bigtech/testkit'
import { presenceStoreContract } from '../presence-store.contract.ts'
import { createMemoryPresenceStore } from './presence-store.ts'

presenceStoreContract('memory', async () => {
  const clock = createTestClock()
  return { store: createMemoryPresenceStore(clock), advance: async (ms) => clock.advance(ms) }
})
