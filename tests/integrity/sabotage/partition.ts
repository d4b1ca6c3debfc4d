/** Loaded in the processes of chat-service with `--sabotage`: a rule of the partition log that the sabotage named in SABOTAGE takes away. */
import { RULES, type Rules } from '@bigtech/partition-log'
import type { SabotageName } from './table.ts'

const TAKEN_AWAY: Partial<Record<SabotageName, Partial<Rules>>> = {
  'no-repair': { nextToSee: (_seen, announced) => announced, hasReached: () => true },
}

Object.assign(RULES, TAKEN_AWAY[process.env['SABOTAGE'] as SabotageName])
