import type { Migration } from '@bigtech/sql'
import { chat } from './0001_chat.ts'
import { revisions } from './0002_revisions.ts'

export const migrations: Record<string, Migration> = { '0001_chat': chat, '0002_revisions': revisions }
