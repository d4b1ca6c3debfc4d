import type { ChatModule } from '@bigtech/chat-service'
import { systemClock } from '@bigtech/kernel'
import { createMailer, PATIENT } from '@bigtech/mail'
import { createNotificationModule } from '@bigtech/notification-service'
import { createPushSender, openNotificationDatabase, roomsOf } from '@bigtech/notification-service/adapters'
import { createUserFrames } from '@bigtech/realtime'
import { createMetrics } from '@bigtech/telemetry'
import type { UserModule } from '@bigtech/user-service'
import { mailOptions, pushOptions } from '../options.ts'
import { readinessOf, RELAY_OWNER, type Closers, type Shared } from './shared.ts'

export async function createNotification(
  shared: Shared,
  closers: Closers,
  { user, chat }: { user: Pick<UserModule, 'mailbox'>; chat: Pick<ChatModule, 'audience' | 'unread'> },
) {
  const { settings, data, bus, broker } = shared
  const logger = shared.logger.child({ service: 'notification-service' })
  const metrics = createMetrics('notification-service')
  const database = await openNotificationDatabase(data.path('notification.db'), {
    closesPerDay: settings.PUSH_CLOSES_PER_DAY,
  })
  closers.push(() => database.close())
  const module = createNotificationModule({
    ...database,
    bus,
    broker,
    logger,
    metrics,
    clock: systemClock,
    instance: RELAY_OWNER,
    frames: createUserFrames(broker),
    rooms: roomsOf(chat),
    mailboxes: { of: user.mailbox },
    mailer: createMailer({ ...mailOptions(settings), folder: data.path('mail'), timeouts: PATIENT }),
    publicUrl: shared.publicUrl,
    sender: createPushSender(await pushOptions(settings, database)),
    readiness: readinessOf(shared, 'notification.db', () => database.check()),
  })
  return { module, metrics, logger, idempotency: shared.idempotency.storeFor('notification-service') }
}
