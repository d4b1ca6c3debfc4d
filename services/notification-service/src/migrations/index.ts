import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { notifications as mysqlNotifications } from './mysql/0001-notifications.ts'
import { noteActors as mysqlNoteActors } from './mysql/0003-note-actors.ts'
import { notifications } from './sqlite/0001-notifications.ts'
import { noteActors } from './sqlite/0002-note-actors.ts'

export const notificationMigrations: Record<string, Migration> = {
  '0001_notifications': notifications,
  '0002_note_actors': noteActors,
}

export const notificationMysqlMigrations: Record<string, Migration> = {
  '0001_notifications': mysqlNotifications,
  '0002_leases': { up: createLeasesTable },
  '0003_note_actors': mysqlNoteActors,
}
