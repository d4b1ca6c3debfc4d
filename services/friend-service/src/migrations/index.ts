import type { Migration } from '@bigtech/sql'
import { friends } from './0001-friends.ts'
import { reports } from './0002-reports.ts'

export const friendMigrations: Record<string, Migration> = { '0001_friends': friends, '0002_reports': reports }
