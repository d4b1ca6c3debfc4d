import { createLeasesTable } from '@bigtech/service'
import type { Migration } from '@bigtech/sql'
import { notifications as mysqlNotifications } from './mysql/0001-notifications.ts'
import { mails as mysqlMails } from './mysql/0003-mails.ts'
import { pushHosts as mysqlPushHosts } from './mysql/0004-push-hosts.ts'
import { noteActors as mysqlNoteActors } from './mysql/0005-note-actors.ts'
import { pushTraces as mysqlPushTraces } from './mysql/0006-push-traces.ts'
import { closes as mysqlCloses } from './mysql/0007-closes.ts'
import { pushedNotes as mysqlPushedNotes } from './mysql/0008-pushed-notes.ts'
import { notifications } from './sqlite/0001-notifications.ts'
import { mails } from './sqlite/0002-mails.ts'
import { pushHosts } from './sqlite/0003-push-hosts.ts'
import { noteActors } from './sqlite/0004-note-actors.ts'
import { pushTraces } from './sqlite/0005-push-traces.ts'
import { closes } from './sqlite/0006-closes.ts'
import { pushedNotes } from './sqlite/0007-pushed-notes.ts'

export const notificationMigrations: Record<string, Migration> = {
  '0001_notifications': notifications,
  '0002_mails': mails,
  '0003_push_hosts': pushHosts,
  '0004_note_actors': noteActors,
  '0005_push_traces': pushTraces,
  '0006_closes': closes,
  '0007_pushed_notes': pushedNotes,
}

export const notificationMysqlMigrations: Record<string, Migration> = {
  '0001_notifications': mysqlNotifications,
  '0002_leases': { up: createLeasesTable },
  '0003_mails': mysqlMails,
  '0004_push_hosts': mysqlPushHosts,
  '0005_note_actors': mysqlNoteActors,
  '0006_push_traces': mysqlPushTraces,
  '0007_closes': mysqlCloses,
  '0008_pushed_notes': mysqlPushedNotes,
}
