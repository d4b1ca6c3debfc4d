import type { Clock } from '@bigtech/kernel'
import { integerField, textField, type EventHandler, type StoredRecord } from '@bigtech/messaging'
import { MAIL_LIFE_MS, type MailKind } from '../../domain/mail.ts'
import { mayMail } from '../../domain/settings.ts'
import type { MailStore, PeopleStore, SettingsStore } from '../../ports.ts'

export type NoteMailsPorts = {
  mails: MailStore
  settings: SettingsStore
  people: PeopleStore
  clock: Clock
  wakeMails(): void
}

/** What a mail is sent for, from the events of user-service. */
export function noteMailHandlers(ports: NoteMailsPorts): Record<string, EventHandler> {
  const { mails, settings, people, clock } = ports
  const once = (record: StoredRecord) => ({ event_id: record.value.event_id, now: clock.now() })
  const userOf = (record: StoredRecord) => integerField(record, 'user_id')

  /** When it happened; undefined: too long ago, as when a whole topic is read again. */
  const timeOf = (record: StoredRecord, kind: MailKind): number | undefined => {
    const at = Date.parse(record.value.timestamp)
    return at + MAIL_LIFE_MS[kind] > clock.now() ? at : undefined
  }
  const send = async (record: StoredRecord, kind: MailKind): Promise<void> => {
    const at = timeOf(record, kind)
    if (at === undefined) return
    await mails.add(once(record), { user_id: userOf(record), kind, at })
    ports.wakeMails()
  }
  const sendIfWanted = async (record: StoredRecord, kind: 'new_device' | 'password_changed'): Promise<void> => {
    const user = userOf(record)
    if (mayMail((await settings.of([user])).get(user)!, kind)) await send(record, kind)
  }

  return {
    UserRegistered: (record) => send(record, 'welcome'),
    UserEmailConfirmationAsked: (record) => send(record, 'confirmation'),
    UserLoggedIn: (record) =>
      record.value['is_new_device'] === true ? sendIfWanted(record, 'new_device') : Promise.resolve(),
    UserPasswordChanged: (record) => sendIfWanted(record, 'password_changed'),
    async UserClosureRequested(record) {
      const user_id = userOf(record)
      const at = timeOf(record, 'account_closed')
      // Of an older version it does not say to whom it would have to be told.
      if (at === undefined || typeof record.value['email'] !== 'string') return
      const display_name = (await people.people([user_id])).get(user_id)?.display_name ?? ''
      const recipient = { email: textField(record, 'email'), display_name }
      await mails.add(once(record), { user_id, kind: 'account_closed', at, recipient })
    },
    UserClosureCancelled: (record) => mails.drop(once(record), { user_id: userOf(record), kind: 'account_closed' }),
    async UserClosed(record) {
      await mails.release(once(record), { user_id: userOf(record), kind: 'account_closed' })
      ports.wakeMails()
    },
  }
}
