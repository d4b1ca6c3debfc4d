import type { BatchHandler } from '@bigtech/messaging'
import { COUNTED_TYPES, toldBy } from '../../domain/facts.ts'
import type { Ingest } from './ingest-events.ts'

/** Records of a partition that are handled as one. */
const MOST = 5_000

export const ingestEventsBatch = (ingest: Ingest): BatchHandler & { types: readonly string[] } => ({
  most: MOST,
  types: COUNTED_TYPES,
  handle: (records) => ingest.take(records),
  check: ({ value }) => void toldBy(value),
})
