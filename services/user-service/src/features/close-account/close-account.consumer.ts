import { MalformedEvent } from '@bigtech/kernel'
import type { EventHandler } from '@bigtech/messaging'
import type { ClosureInput } from '../../domain/closure-saga.ts'
import { advance, type AdvanceClosurePorts } from './advance-closure.ts'

/** The participants' answers; those to unknown sagas, or of unknown services, change nothing. */
export function closureHandlers(ports: AdvanceClosurePorts): Record<string, EventHandler> {
  const on =
    (input: (service: string, reason: string) => ClosureInput): EventHandler =>
    async ({ value }) => {
      const { saga_id, service, reason } = value
      if (typeof saga_id !== 'string' || typeof service !== 'string')
        throw new MalformedEvent(`${value.event_type} has no saga_id or service`)
      await advance(ports, saga_id, input(service, typeof reason === 'string' ? reason : ''))
    }
  return {
    UserClosurePrepared: on((service) => ({ type: 'prepared', service })),
    UserClosureRejected: on((service, reason) => ({ type: 'rejected', service, reason })),
  }
}
