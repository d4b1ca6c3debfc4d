import { integerField, textField, type EventHandler, type StoredRecord } from '@bigtech/messaging'
import { tellOfChange } from '../../access/inbox-frames.ts'
import { keepNotes, type NotePorts } from '../../access/keep-notes.ts'
import { careAlertNote, careAskedNote, careGrantedNote, careRenewalNote, NOW, type Note } from '../../domain/note.ts'

/** What is told of care, from the events of ai-service: of whom, and never what was found. */
export function careNoteHandlers(ports: NotePorts): Record<string, EventHandler> {
  const { notes, clock } = ports
  const once = (record: StoredRecord) => ({ event_id: record.value.event_id, now: clock.now() })
  const pairOf = (record: StoredRecord) => ({
    senior: integerField(record, 'senior_id'),
    guardian: integerField(record, 'guardian_id'),
  })
  const withdraw = async (record: StoredRecord, those: readonly Note[]): Promise<void> => {
    for (const [i, { user_id, group, actor_id }] of those.entries()) {
      const event = { ...once(record), event_id: `${record.value.event_id}/withdrawn ${i}` }
      if (await notes.withdraw(event, { user_id, group, actor_id: actor_id! })) await tellOfChange(ports, [user_id])
    }
  }
  const alerts = (guardian: number, senior: number): Note[] =>
    ([NOW, ''] as const).map((detail) => careAlertNote(guardian, senior, detail))

  return {
    CareLinkAsked(record) {
      const { senior, guardian } = pairOf(record)
      const by = integerField(record, 'asked_by')
      return keepNotes(ports, once(record), [careAskedNote(by === senior ? guardian : senior, by)])
    },
    async CareLinkGranted(record) {
      const { senior, guardian } = pairOf(record)
      const to = integerField(record, 'asked_by')
      const by = to === senior ? guardian : senior
      await keepNotes(ports, once(record), [careGrantedNote(to, by)])
      await withdraw(record, [careAskedNote(by, to)])
    },
    CareLinkEnded(record) {
      const { senior, guardian } = pairOf(record)
      const asked = [careAskedNote(guardian, senior), careAskedNote(senior, guardian)]
      return withdraw(record, [...asked, ...alerts(guardian, senior)])
    },
    /** What the guardian was told by a consent is told no more without it. */
    async CareConsentChanged(record) {
      const kind = textField(record, 'kind')
      if (record.value['given'] === true || (kind !== 'guardian' && kind !== 'crisis_notice')) return
      const guardian = Number(textField(record, 'subject'))
      const detail = kind === 'crisis_notice' ? NOW : ''
      await withdraw(record, [careAlertNote(guardian, integerField(record, 'user_id'), detail)])
    },
    /** Asked again, until there is nothing to be read again. */
    async CareConsentsOutdated(record) {
      const note = careRenewalNote(integerField(record, 'user_id'))
      if (integerField(record, 'count') > 0) return keepNotes(ports, once(record), [note])
      const { user_id, group } = note
      if (await notes.withdrawAll(once(record), { user_id, group })) await tellOfChange(ports, [user_id])
    },
    CareAlertRaised(record) {
      const { senior, guardian } = pairOf(record)
      const detail = textField(record, 'kind') === 'crisis' ? NOW : ''
      return keepNotes(ports, once(record), [careAlertNote(guardian, senior, detail)])
    },
  }
}
