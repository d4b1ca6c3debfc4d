import { enqueue } from '@bigtech/messaging'
import type { EventDefinition } from '@bigtech/messaging/contract'
import { currentTraceparent } from '@bigtech/telemetry'
import type { Static, TObject, TProperties } from 'typebox'
import type { Trx } from './schema.ts'

/** Says what the transaction does, with it: the event exists if and only if the change does. */
export const tell = <P extends TProperties>(
  trx: Trx,
  now: number,
  event: EventDefinition<P>,
  fields: Static<TObject<P>>,
): Promise<unknown> => enqueue(trx, [event.make(fields, { now, traceparent: currentTraceparent() })], now)
