import type { Clock } from '@bigtech/kernel'
import { nextDigestAt } from '../../domain/mail.ts'
import { zoneOf } from '../../domain/settings.ts'
import type { MailStore, SettingsStore } from '../../ports.ts'

export type SendDigestsPorts = { mails: MailStore; settings: SettingsStore; clock: Clock }

const AT_ONCE = 200

/** Whose morning it is gets a mail of what they missed; what it says is looked up when it is sent. */
export async function sendDigests({ mails, settings, clock }: SendDigestsPorts): Promise<void> {
  const now = clock.now()
  const due = await mails.dueDigests(now, AT_ONCE)
  const wants = await settings.of(due.map(({ user_id }) => user_id))
  for (const one of due) await mails.digest(one, nextDigestAt(now, zoneOf(wants.get(one.user_id)!)), now)
}
