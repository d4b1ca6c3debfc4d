import type { Clock } from '@bigtech/kernel'
import type { EntryStore, RecordingStore } from '../../ports.ts'

/** Entries go in small steps, so that nobody waits for a long one. */
const STEP = 500
/** What is told of a recording after it has ended: a day. */
const RECORDING_MS = 86_400_000

/** What nobody is shown any more is removed. */
export async function removeExpired({
  entries,
  recordings,
  clock,
}: Readonly<{
  entries: Pick<EntryStore, 'expire'>
  recordings: Pick<RecordingStore, 'expire'>
  clock: Clock
}>): Promise<void> {
  const now = clock.now()
  await recordings.expire({ now, ended_before: now - RECORDING_MS })
  while ((await entries.expire({ now, limit: STEP })) === STEP);
}
