import type { Clock } from '@bigtech/kernel'
import { isTimeZone } from '@bigtech/kernel/periods'
import { operation, principalOf, type App } from '@bigtech/http'
import { notificationErrors } from '../../contract/errors.ts'
import { SettingsChangeSchema, SettingsSchema } from '../../contract/schemas.ts'
import { nextDigestAt } from '../../domain/mail.ts'
import { zoneOf, type SettingsChange } from '../../domain/settings.ts'
import type { SettingsStore } from '../../ports.ts'

export function changeSettingsHttp(app: App, { settings, clock }: { settings: SettingsStore; clock: Clock }): void {
  app.get(
    '/notifications/settings',
    operation({
      id: 'getNotificationSettings',
      tag: 'settings',
      summary: 'Of what you are told, in which ways, and when not',
      response: { 200: SettingsSchema },
    }),
    async (request) => {
      const { user_id } = principalOf(request)
      return (await settings.of([user_id])).get(user_id)!
    },
  )

  app.put(
    '/notifications/settings',
    operation({
      id: 'changeNotificationSettings',
      tag: 'settings',
      summary: 'Change of what you are told; what is left out stays as it is',
      body: SettingsChangeSchema,
      response: { 200: SettingsSchema },
      errors: [notificationErrors.UNKNOWN_TIME_ZONE],
    }),
    async (request) => {
      const change = request.body as SettingsChange
      if (change.quiet_hours && !isTimeZone(change.quiet_hours.time_zone))
        throw notificationErrors.UNKNOWN_TIME_ZONE({ field: 'quiet_hours.time_zone' })
      const { user_id } = principalOf(request)
      if (!change.digest) return settings.change(user_id, change)
      const before = (await settings.of([user_id])).get(user_id)!
      return settings.change(user_id, change, nextDigestAt(clock.now(), zoneOf({ ...before, ...change })))
    },
  )
}
