import type { Metrics } from '@bigtech/telemetry'
import type { PairChange } from '../domain/pair.ts'

/** @returns what counts the changes between people */
export function createFriendMetrics(metrics: Metrics): (done: readonly PairChange[]) => void {
  const requests = metrics.counter({ name: 'friend_requests_total', help: 'Friend requests sent' })
  const answers = metrics.counter({
    name: 'friend_requests_closed_total',
    help: 'Friend requests that are open no more: accepted, rejected, cancelled',
    labelNames: ['status'],
  })
  const changes = metrics.counter({
    name: 'friend_changes_total',
    help: 'What else changed between people: befriend, unfriend, block, unblock',
    labelNames: ['change'],
  })
  return (done) => {
    for (const change of done) {
      if (change.kind === 'request') requests.inc()
      else if (change.kind === 'close') answers.inc({ status: change.status })
      else changes.inc({ change: change.kind })
    }
  }
}
