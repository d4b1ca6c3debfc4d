export { openMysqlNotificationDatabase } from './mysql/open.ts'
export { createPushSender, newVapidKeys } from './push/push-sender.ts'
export type { NotificationDatabase } from './sql/stores.ts'
export { openNotificationDatabase } from './sqlite/open.ts'
