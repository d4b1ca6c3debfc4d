import type { Clock } from '@bigtech/kernel'
import { integerField, textField, type EventHandler, type StoredRecord } from '@bigtech/messaging'
import type { HandedIn } from '../../domain/alert-rules.ts'
import type { AlertStore } from '../../link-ports.ts'

export type RaiseAlertsPorts = Readonly<{ alerts: AlertStore; clock: Clock; notify(): void }>

/** What guardians are told of what somebody hands in; from this service's own events, so that it is not lost with the process that kept it. */
export function raiseAlertsHandlers(ports: RaiseAlertsPorts): Record<string, EventHandler> {
  const { alerts, clock } = ports
  const of = (record: StoredRecord) => ({
    event_id: record.value.event_id,
    now: clock.now(),
    senior_id: integerField(record, 'user_id'),
  })
  const timeOf = (record: StoredRecord): number => Date.parse(record.value.timestamp)
  const handedIn = async (record: StoredRecord, more: Pick<HandedIn, 'cues' | 'band'>) => {
    const handed: HandedIn = {
      ...more,
      at: timeOf(record),
      safety_level: textField(record, 'safety_level') as HandedIn['safety_level'],
    }
    await alerts.handedIn({ ...of(record), handed })
    ports.notify()
  }
  return {
    AnalysisCompleted: (record) =>
      handedIn(record, { cues: (record.value['cues'] ?? []) as HandedIn['cues'], band: null }),
    QuestionnaireAnswered: (record) => handedIn(record, { cues: [], band: textField(record, 'band') }),
    // Who deletes what they said was there to do it.
    CareDataErased: (record) => alerts.signOfLife({ ...of(record), at: timeOf(record) }),
  }
}
