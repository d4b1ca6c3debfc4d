import type { Clock } from '@bigtech/kernel'
import { integerField, type StoredRecord } from '@bigtech/messaging'
import { CareDataErased } from '../../contract/events.ts'
import type { ConsentStore, EntryStore } from '../../ports.ts'
import type { Jobs } from '../hear-recording/hear-recording.ts'

export type ErasePorts = Readonly<{
  consents: Pick<ConsentStore, 'erase'>
  entries: Pick<EntryStore, 'erase'>
  jobs: Pick<Jobs, 'overOf'>
  clock: Clock
  notify(): void
}>

/** An account is closed: all of the person goes. The consents first, so that what is analysed just then is not kept after the rest has gone. */
export async function eraseAccount(ports: ErasePorts, record: StoredRecord): Promise<void> {
  const user_id = integerField(record, 'user_id')
  const now = ports.clock.now()
  const once = { event_id: record.value.event_id, now, user_id }
  await ports.consents.erase(once)
  await ports.entries.erase({ ...once, event: CareDataErased.make({ user_id }, { now }) })
  ports.jobs.overOf(user_id)
  ports.notify()
}
