import type { Clock } from '@bigtech/kernel'
import { isTimeZone } from '@bigtech/kernel/periods'
import type { Logger } from '@bigtech/telemetry'
import { nextDigestAt } from '../../domain/mail.ts'
import { zoneOf, type Settings } from '../../domain/settings.ts'
import type { MailStore, SettingsStore } from '../../ports.ts'

export type SendDigestsPorts = { mails: MailStore; settings: SettingsStore; clock: Clock; logger: Logger }

const AT_ONCE = 200

/** Whose morning it is gets a mail of what they missed; what it says is looked up when it is sent. */
export async function sendDigests({ mails, settings, clock, logger }: SendDigestsPorts): Promise<void> {
  const now = clock.now()
  for (;;) {
    const due = await mails.dueDigests(now, AT_ONCE)
    const wants = await settings.of(due.map(({ user_id }) => user_id))
    for (const one of due) await mails.digest(one, nextOf(wants.get(one.user_id)!, now, logger), now)
    if (due.length < AT_ONCE) return
  }
}

/** A time zone that was known when it was chosen may be unknown to another version of Node.js. */
function nextOf(wants: Settings, now: number, logger: Logger): number {
  const zone = zoneOf(wants)
  if (isTimeZone(zone)) return nextDigestAt(now, zone)
  logger.warn({ zone }, 'a time zone is not known here: that of Seoul is taken for a digest')
  return nextDigestAt(now, zoneOf({ quiet_hours: null }))
}
