import { sessionRevoked, SESSIONS_CHANNEL, type Broker } from '@bigtech/realtime'
import type { Revocations } from '../../ports.ts'

export const createBrokerRevocations = (broker: Broker): Revocations => ({
  announce(sessions) {
    for (const session of sessions) broker.publish(SESSIONS_CHANNEL, sessionRevoked(session))
  },
})
