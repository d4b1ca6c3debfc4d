import { notEssential } from '@bigtech/http'
import { systemClock } from '@bigtech/kernel'
import { createMailer, PATIENT } from '@bigtech/mail'
import { createNotificationModule } from '@bigtech/notification-service'
import {
  createMailboxes,
  createPushSender,
  createRooms,
  openMysqlNotificationDatabase,
} from '@bigtech/notification-service/adapters'
import { createUserFrames } from '@bigtech/realtime'
import { createMetrics } from '@bigtech/telemetry'
import { mailOptions, pushOptions } from '../options.ts'
import type { MadeNotification } from '../profile.ts'
import { openIdempotency } from './idempotency.ts'
import { keptTidy } from './mails.ts'
import type { Surroundings } from './surroundings.ts'

export async function makeNotification(surroundings: Surroundings): Promise<MadeNotification> {
  const { settings, instance, engines, peers, closers } = surroundings
  const { bus, broker, redis, reach } = engines
  const logger = surroundings.logger.child({ service: 'notification-service' })
  const metrics = createMetrics('notification-service')
  const closesPerDay = settings.PUSH_CLOSES_PER_DAY
  const database = await reach('MySQL', () =>
    openMysqlNotificationDatabase(engines.mysql('notification_service'), { closesPerDay }),
  )
  closers.push(() => database.close())
  const module = createNotificationModule({
    ...database,
    bus,
    broker,
    logger,
    metrics,
    instance,
    clock: systemClock,
    frames: createUserFrames(broker),
    rooms: createRooms(peers.internal('chat', 'notification-service')),
    mailboxes: createMailboxes(peers.internal('user', 'notification-service')),
    mailer: keptTidy(createMailer({ ...mailOptions(settings), timeouts: PATIENT }), surroundings),
    publicUrl: surroundings.publicUrl,
    sender: createPushSender(await pushOptions(settings, database)),
    readiness: {
      mysql: () => database.check(),
      kafka: notEssential(async () => void (await bus.admin.topics())),
      redis: notEssential(() => redis.check()),
    },
  })
  return { module, logger, metrics, idempotency: await openIdempotency(surroundings, 'notification-service') }
}
