import { once } from '@bigtech/messaging'
import { transaction } from '@bigtech/sql'
import { CareLinkAsked, CareLinkEnded, CareLinkGranted } from '../../contract/link-events.ts'
import { decideAsk, isMadeAfter, MOST_LINKS } from '../../domain/link.ts'
import type { CareLink, LinkOutcome, LinkStore } from '../../link-ports.ts'
import { lockPeople } from './people-lock.ts'
import type { Db, Trx } from './schema.ts'
import { tell } from './tell.ts'
import { withdrawIn } from './withdraw.ts'

const GROUP = 'ai-service'
const DAY_MS = 86_400_000
const LINK = ['id', 'senior_id', 'guardian_id', 'asked_by', 'state', 'created_at', 'accepted_at'] as const

/** Of those that have not ended the state is one of these two; rows of SQLite have no prototype. */
const linkOf = (row: Omit<CareLink, 'state'> & Readonly<{ state: string }>): CareLink => ({ ...row }) as CareLink

type Role = 'senior_id' | 'guardian_id'

export function createSqlLinkStore(db: Db): LinkStore {
  return {
    ask: ({ by, senior_id, guardian_id, now }) =>
      transaction(db, async (trx) => {
        await lockPeople(trx, [senior_id, guardian_id])
        const [mine, theirs]: [Role, Role] =
          by === senior_id ? ['senior_id', 'guardian_id'] : ['guardian_id', 'senior_id']
        const other = by === senior_id ? guardian_id : senior_id
        const link = await between(trx, senior_id, guardian_id)
        const decision = decideAsk(by, {
          link,
          askedToday: await asked(trx, by, now - DAY_MS),
          mine: await count(trx, mine, by, by),
          theirs: await count(trx, theirs, other),
        })
        if (decision === 'keep') return { link: link!, done: 'nothing' as const }
        if (decision === 'accept') return accept(trx, link!, now)
        if (decision !== 'ask') return { refused: decision }
        const row = {
          senior_id,
          guardian_id,
          asked_by: by,
          state: 'asked',
          created_at: now,
          accepted_at: null,
        } as const
        const { insertId } = await trx
          .insertInto('care_links')
          .values({ ...row, is_open: 1, ended_at: null })
          .executeTakeFirstOrThrow()
        const asking = { id: Number(insertId), ...row }
        await tell(trx, now, CareLinkAsked, fieldsOf(asking))
        return { link: asking, done: 'asked' as const }
      }),

    accept: ({ id, by, now }) =>
      transaction(db, async (trx) => {
        const link = await locked(trx, id, by)
        if (!link || (link.state === 'asked' && link.asked_by === by)) return undefined
        if (link.state === 'accepted') return { link, done: 'nothing' as const }
        const { senior_id, guardian_id } = link
        const full = [await count(trx, 'senior_id', senior_id), await count(trx, 'guardian_id', guardian_id)]
        if (full.some((links) => links >= MOST_LINKS)) return { refused: 'CARE_LINKS_FULL' as const }
        return accept(trx, link, now)
      }),

    end: ({ id, by, now }) =>
      transaction(db, async (trx) => {
        const link = await locked(trx, id, by)
        if (link) await end(trx, link, by, now)
        return link !== undefined
      }),

    endBetween: async ({ event_id: eventId, at, now, by, other }) => {
      await once(db, { group: GROUP, eventId, now }, async (trx) => {
        await lockPeople(trx, [by, other])
        for (const link of [await between(trx, by, other), await between(trx, other, by)])
          if (link && !isMadeAfter(link, at)) await end(trx, link, by, now)
      })
    },

    of: async ({ user_id, before, limit }) => {
      const rows = await ofPerson(db, user_id)
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(linkOf)
    },

    async find({ id, user_id }) {
      const row = await ofPerson(db, user_id).where('id', '=', id).executeTakeFirst()
      return row && linkOf(row)
    },

    async seniorsOf(guardianId) {
      const rows = await ofPerson(db, guardianId)
        .where('guardian_id', '=', guardianId)
        .where('state', '=', 'accepted')
        .orderBy('id')
        .execute()
      return rows.map(linkOf)
    },

    async guardiansOf(seniorId) {
      const rows = await db
        .selectFrom('care_links')
        .select('guardian_id')
        .where('senior_id', '=', seniorId)
        .where('is_open', '=', 1)
        .where('state', '=', 'accepted')
        .orderBy('accepted_at')
        .orderBy('id')
        .execute()
      return rows.map(({ guardian_id }) => guardian_id)
    },
  }
}

const ofPerson = (db: Db | Trx, userId: number) =>
  db
    .selectFrom('care_links')
    .select(LINK)
    .where('is_open', '=', 1)
    .where((where) => where.or([where('senior_id', '=', userId), where('guardian_id', '=', userId)]))

/** One of this person's, as it is once nobody else decides on it. */
async function locked(trx: Trx, id: number, userId: number): Promise<CareLink | undefined> {
  const find = () => ofPerson(trx, userId).where('id', '=', id).executeTakeFirst()
  const found = await find()
  if (!found) return undefined
  await lockPeople(trx, [found.senior_id, found.guardian_id])
  const row = await find()
  return row && linkOf(row)
}

async function between(trx: Trx, seniorId: number, guardianId: number): Promise<CareLink | undefined> {
  const row = await trx
    .selectFrom('care_links')
    .select(LINK)
    .where('senior_id', '=', seniorId)
    .where('guardian_id', '=', guardianId)
    .where('is_open', '=', 1)
    .executeTakeFirst()
  return row && linkOf(row)
}

/** Whatever became of them. */
async function asked(trx: Trx, by: number, since: number): Promise<number> {
  const { n } = await trx
    .selectFrom('care_links')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('asked_by', '=', by)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow()
  return n
}

/** Those that are accepted, and those that `orAskedBy` has asked for. */
async function count(trx: Trx, role: Role, userId: number, orAskedBy = 0): Promise<number> {
  const { n } = await trx
    .selectFrom('care_links')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where(role, '=', userId)
    .where('is_open', '=', 1)
    .where((where) => where.or([where('state', '=', 'accepted'), where('asked_by', '=', orAskedBy)]))
    .executeTakeFirstOrThrow()
  return n
}

async function accept(trx: Trx, link: CareLink, now: number): Promise<LinkOutcome> {
  await trx.updateTable('care_links').set({ state: 'accepted', accepted_at: now }).where('id', '=', link.id).execute()
  await tell(trx, now, CareLinkGranted, fieldsOf(link))
  return { link: { ...link, state: 'accepted', accepted_at: now }, done: 'accepted' }
}

async function end(trx: Trx, { id, senior_id, guardian_id }: CareLink, by: number, now: number): Promise<void> {
  await trx
    .updateTable('care_links')
    .set({ state: 'ended', is_open: null, ended_at: now })
    .where('id', '=', id)
    .execute()
  for (const kind of ['guardian', 'crisis_notice'] as const)
    await withdrawIn(trx, { user_id: senior_id, kind, subject: String(guardian_id), now })
  await tell(trx, now, CareLinkEnded, { link_id: id, senior_id, guardian_id, ended_by: by })
}

const fieldsOf = ({ id: link_id, senior_id, guardian_id, asked_by }: CareLink) => ({
  link_id,
  senior_id,
  guardian_id,
  asked_by,
})
