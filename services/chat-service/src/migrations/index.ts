import type { Migration } from '@bigtech/sql'
import { chat } from './0001-chat.ts'
import { revisions } from './0002-revisions.ts'
import { uncounted } from './0003-uncounted.ts'
import { consent } from './0004-consent.ts'
import { quotas } from './0005-quotas.ts'
import { search } from './0006-search.ts'
import { searchFile } from './0007-search-file.ts'
import { changeMarks } from './0008-change-marks.ts'
import { notify } from './0009-notify.ts'
import { mentions } from './0010-mentions.ts'
import { log } from './mysql/0001-log.ts'
import { chat as mysqlChat } from './mysql/0002-chat.ts'
import { store } from './mysql/0003-store.ts'
import { groupKeys } from './mysql/0004-group-keys.ts'
import { messageStore } from './mysql/0005-message-store.ts'
import { notify as mysqlNotify } from './mysql/0006-notify.ts'
import { mentions as mysqlMentions } from './mysql/0007-mentions.ts'
import { madeAnew } from './mysql/0008-made-anew.ts'

export const migrations: Record<string, Migration> = {
  '0001_chat': chat,
  '0002_revisions': revisions,
  '0003_uncounted': uncounted,
  '0004_consent': consent,
  '0005_quotas': quotas,
  '0006_search': search,
  '0007_search_file': searchFile,
  '0008_change_marks': changeMarks,
  '0009_notify': notify,
  '0010_mentions': mentions,
}

export const chatMysqlMigrations: Record<string, Migration> = {
  '0001_log': log,
  '0002_chat': mysqlChat,
  '0003_store': store,
  '0004_group_keys': groupKeys,
  '0005_message_store': messageStore,
  '0006_notify': mysqlNotify,
  '0007_mentions': mysqlMentions,
  '0008_made_anew': madeAnew,
}
