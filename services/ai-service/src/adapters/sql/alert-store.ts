import { firstTime, once } from '@bigtech/messaging'
import { transaction } from '@bigtech/sql'
import { CareAlertRaised } from '../../contract/link-events.ts'
import { alertsOf, DAY_MS, quietAlert, WEEK_MS, type AlertFound, type AlertRules } from '../../domain/alert-rules.ts'
import type { AlertRow, AlertStore, Pair } from '../../link-ports.ts'
import { lockPeople } from './people-lock.ts'
import { auditRead } from './reads.ts'
import type { Db, Trx } from './schema.ts'
import { guardiansWith, isShared } from './shares.ts'
import { tell } from './tell.ts'

const GROUP = 'ai-service'
const ALERT = ['id', 'guardian_id', 'senior_id', 'kind', 'raised_at', 'read_at'] as const
/** Of those who are silent, looked at in one turn. */
const MOST_AT_ONCE = 500

/** Rows of SQLite have no prototype. */
const plain = (row: AlertRow): AlertRow => ({ ...row })

export function createSqlAlertStore(db: Db): AlertStore {
  return {
    async rules(pair) {
      if (!(await isShared(db, pair, 'guardian'))) return undefined
      return (await watchesOf(db, pair.senior_id)).get(pair.guardian_id)
    },

    setRules: ({ senior_id, guardian_id, rules: { quiet_days, questionnaire, cues } }) =>
      transaction(db, async (trx) => {
        await lockPeople(trx, [senior_id])
        if (!(await isShared(trx, { senior_id, guardian_id }, 'guardian'))) return false
        await trx
          .updateTable('care_watches')
          .set({ quiet_days, questionnaire: Number(questionnaire), cues: Number(cues) })
          .where('guardian_id', '=', guardian_id)
          .where('senior_id', '=', senior_id)
          .execute()
        return true
      }),

    handedIn: async ({ event_id, now, senior_id, handed }) => {
      await once(db, { group: GROUP, eventId: event_id, now }, async (trx) => {
        await lockPeople(trx, [senior_id])
        await sign(trx, senior_id, handed.at)
        const looking = new Set(await guardiansWith(trx, senior_id, 'guardian'))
        const toldOfCrises = new Set(await guardiansWith(trx, senior_id, 'crisis_notice'))
        if (looking.size + toldOfCrises.size === 0) return
        const rules = await watchesOf(trx, senior_id)
        const weeks = await cueWeeks(trx, senior_id, handed.at)
        for (const guardian_id of new Set([...looking, ...toldOfCrises])) {
          const to = {
            rules: looking.has(guardian_id) ? rules.get(guardian_id) : undefined,
            crisis: toldOfCrises.has(guardian_id),
          }
          for (const found of alertsOf(handed, to, weeks)) await raise(trx, { senior_id, guardian_id }, found, now)
        }
      })
    },

    signOfLife: async ({ event_id, now, senior_id, at }) => {
      await transaction(db, async (trx) => {
        if (await firstTime(trx, { group: GROUP, eventId: event_id, now })) await sign(trx, senior_id, at)
      })
    },

    async tellOfSilence(now) {
      const due = await db
        .selectFrom('care_watches')
        .select(['senior_id', 'guardian_id'])
        .where('quiet_days', 'is not', null)
        .where((where) =>
          where(where.ref('sign_at'), '<=', where(where.val(now), '-', where('quiet_days', '*', DAY_MS))),
        )
        .where((where) => where.or([where('quiet_told', 'is', null), where('quiet_told', '<>', where.ref('sign_at'))]))
        .limit(MOST_AT_ONCE)
        .execute()
      let raised = 0
      for (const pair of due) if (await transaction(db, (trx) => tellOfSilence(trx, { ...pair }, now))) raised++
      return raised
    },

    async list({ guardian_id, senior_id, before, limit }) {
      const rows = await db
        .selectFrom('care_alerts')
        .select(ALERT)
        .where('guardian_id', '=', guardian_id)
        .$if(senior_id !== undefined, (query) => query.where('senior_id', '=', senior_id!))
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(plain)
    },

    async read({ guardian_id, which, now }) {
      await db
        .updateTable('care_alerts')
        .set({ read_at: now })
        .where('guardian_id', '=', guardian_id)
        .where('read_at', 'is', null)
        .$if(which !== 'all', (query) => query.where('id', 'in', which as readonly number[]))
        .execute()
    },

    async unread(guardianId) {
      const rows = await db
        .selectFrom('care_alerts')
        .select(['senior_id', ({ fn }) => fn.countAll<number>().as('n')])
        .where('guardian_id', '=', guardianId)
        .where('read_at', 'is', null)
        .groupBy('senior_id')
        .execute()
      return new Map(rows.map(({ senior_id, n }) => [senior_id, n]))
    },

    async about(seniorId) {
      const rows = await db
        .selectFrom('care_alerts')
        .select(ALERT)
        .where('senior_id', '=', seniorId)
        .orderBy('id', 'desc')
        .execute()
      return rows.map(plain)
    },
  }
}

/** What each guardian wants to be told of. */
async function watchesOf(db: Db | Trx, seniorId: number): Promise<Map<number, AlertRules>> {
  const rows = await db
    .selectFrom('care_watches')
    .select(['guardian_id', 'quiet_days', 'questionnaire', 'cues'])
    .where('senior_id', '=', seniorId)
    .execute()
  return new Map(
    rows.map(({ guardian_id, quiet_days, questionnaire, cues }) => [
      guardian_id,
      { quiet_days, questionnaire: questionnaire !== 0, cues: cues !== 0 },
    ]),
  )
}

/** Never set back: events may come late. */
const sign = (trx: Trx, senior_id: number, at: number): Promise<unknown> =>
  trx
    .updateTable('care_watches')
    .set({ sign_at: at })
    .where('senior_id', '=', senior_id)
    .where('sign_at', '<', at)
    .execute()

/** @returns whether it was told now; not when it was told before */
async function raise(trx: Trx, pair: Pair, { kind, key }: AlertFound, now: number): Promise<boolean> {
  const held = await trx
    .selectFrom('care_alerts')
    .select('id')
    .where('guardian_id', '=', pair.guardian_id)
    .where('senior_id', '=', pair.senior_id)
    .where('alert_key', '=', key)
    .executeTakeFirst()
  if (held) return false
  const { insertId } = await trx
    .insertInto('care_alerts')
    .values({ ...pair, kind, alert_key: key, raised_at: now, read_at: null })
    .executeTakeFirstOrThrow()
  await auditRead(trx, { senior_id: pair.senior_id, reader_id: pair.guardian_id, what: 'alert', now })
  await tell(trx, now, CareAlertRaised, { alert_id: Number(insertId), ...pair, kind })
  return true
}

/** As it is once nobody else decides on it: the consent may be gone, and somebody may just have written. */
async function tellOfSilence(trx: Trx, pair: Pair, now: number): Promise<boolean> {
  await lockPeople(trx, [pair.senior_id])
  const { last } = await trx
    .selectFrom('entries')
    .select(({ fn }) => fn.max('created_at').as('last'))
    .where('user_id', '=', pair.senior_id)
    .executeTakeFirstOrThrow()
  if (last !== null) await sign(trx, pair.senior_id, last)
  const watch = await trx
    .selectFrom('care_watches')
    .select(['quiet_days', 'sign_at', 'quiet_told'])
    .where('guardian_id', '=', pair.guardian_id)
    .where('senior_id', '=', pair.senior_id)
    .executeTakeFirst()
  if (!watch || watch.quiet_told === watch.sign_at) return false
  const found = quietAlert(watch, { sign_at: watch.sign_at, now })
  if (!found) return false
  await trx
    .updateTable('care_watches')
    .set({ quiet_told: watch.sign_at })
    .where('guardian_id', '=', pair.guardian_id)
    .where('senior_id', '=', pair.senior_id)
    .execute()
  return (await isShared(trx, pair, 'guardian')) && raise(trx, pair, found, now)
}

async function cueWeeks(trx: Trx, seniorId: number, at: number): Promise<{ last: number; before: number }> {
  const rows = await trx
    .selectFrom('entries')
    .select(['created_at', 'analysis'])
    .where('user_id', '=', seniorId)
    .where('created_at', '>', at - 2 * WEEK_MS)
    .where('created_at', '<=', at)
    .where('analysis', 'is not', null)
    .execute()
  const withCues = rows.filter(({ analysis }) => hasCues(analysis!))
  const last = withCues.filter(({ created_at }) => created_at > at - WEEK_MS).length
  return { last, before: withCues.length - last }
}

const hasCues = (analysis: string): boolean => (JSON.parse(analysis) as { cues: unknown[] }).cues.length > 0
