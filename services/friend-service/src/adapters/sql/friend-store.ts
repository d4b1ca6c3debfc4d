import { enqueue } from '@bigtech/messaging'
import { transaction, type StaleReads } from '@bigtech/sql'
import type { ExpressionBuilder } from 'kysely'
import type { FriendRequest, Pair, PairChange, PairDecision } from '../../domain/pair.ts'
import type { EventsOf, FriendStore, PairOutcome } from '../../ports.ts'
import { lockPair, lockPerson } from './locks.ts'
import type { Db, FriendSchema, Trx } from './schema.ts'
import { suggest, tiesOf } from './suggestions.ts'

const REQUEST = ['id', 'from_user_id', 'to_user_id', 'status', 'created_at'] as const

const DAY_MS = 86_400_000

/** Set-aside accounts are left out. One whose profile event is still under way is shown. */
const shown = (where: ExpressionBuilder<FriendSchema, 'profiles'>) =>
  where.or([where('profiles.active', '=', 1), where('profiles.active', 'is', null)])

/** @param stale for suggestions, which may be behind; what the caller has done since is taken out of them */
export function createSqlFriendStore(db: Db, stale?: StaleReads<FriendSchema>): FriendStore {
  return {
    update: ({ a, b, now, decide, events }) =>
      transaction(db, async (trx) => {
        // Always the person first, so that no two wait for each other.
        await lockPerson(trx, a)
        await lockPair(trx, a, b)
        const decision = decide(await loadPair(trx, a, b), await countSent(trx, a, now - DAY_MS))
        return carryOut(trx, decision, events, now)
      }),

    answer: ({ id, now, mayAnswer, decide, events }) =>
      transaction(db, async (trx) => {
        const found = await requestById(trx, id)
        if (!found || !mayAnswer(found)) return undefined
        const locked = await lockPair(trx, found.from_user_id, found.to_user_id)
        const request = locked ? await requestById(trx, id) : found
        if (!request) return undefined
        const outcome = await carryOut(trx, decide(request), events, now)
        if ('refused' in outcome) return outcome
        return { ...outcome, request: (await requestById(trx, id)) ?? null }
      }),

    pair: (a, b) => loadPair(db, a, b),

    async friendsSince(userId, other) {
      const row = await db
        .selectFrom('friendships')
        .leftJoin('profiles', 'profiles.user_id', 'friend_id')
        .select('since')
        .where('friendships.user_id', '=', userId)
        .where('friend_id', '=', other)
        .where(shown)
        .executeTakeFirst()
      return row?.since
    },

    requests: ({ user_id, direction, before, limit }) =>
      db
        .selectFrom('requests')
        .leftJoin('profiles', 'profiles.user_id', direction === 'sent' ? 'to_user_id' : 'from_user_id')
        .select(REQUEST.map((column) => `requests.${column}` as const))
        .where(direction === 'sent' ? 'from_user_id' : 'to_user_id', '=', user_id)
        .where('status', '=', 'pending')
        .where(shown)
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    friends: ({ user_id, before, limit }) =>
      db
        .selectFrom('friendships')
        .leftJoin('profiles', 'profiles.user_id', 'friend_id')
        .select(['friend_id', 'since'])
        .where('friendships.user_id', '=', user_id)
        .where(shown)
        .$if(before !== undefined, (query) =>
          query.where((where) =>
            where.or([
              where('since', '<', before![0]),
              where.and([where('since', '=', before![0]), where('friend_id', '<', before![1])]),
            ]),
          ),
        )
        .orderBy('since', 'desc')
        .orderBy('friend_id', 'desc')
        .limit(limit)
        .execute(),

    blocks: ({ user_id, before, limit }) =>
      db
        .selectFrom('blocks')
        .select(['blocked_user_id', 'since'])
        .where('user_id', '=', user_id)
        .$if(before !== undefined, (query) =>
          query.where((where) =>
            where.or([
              where('since', '<', before![0]),
              where.and([where('since', '=', before![0]), where('blocked_user_id', '<', before![1])]),
            ]),
          ),
        )
        .orderBy('since', 'desc')
        .orderBy('blocked_user_id', 'desc')
        .limit(limit)
        .execute(),

    async suggestions({ user_id, limit }) {
      if (!stale) return suggest(db, user_id, limit)
      const found = await stale((on) => suggest(on, user_id, 2 * limit))
      const tied = await tiesOf(
        db,
        user_id,
        found.map((each) => each.user_id),
      )
      return found.filter((each) => !tied.has(each.user_id)).slice(0, limit)
    },
  }
}

async function loadPair(db: Db | Trx, a: number, b: number): Promise<Pair> {
  const friendship = await db
    .selectFrom('friendships')
    .select('since')
    .where('user_id', '=', a)
    .where('friend_id', '=', b)
    .executeTakeFirst()
  const pending = await db
    .selectFrom('requests')
    .select(REQUEST)
    .where('status', '=', 'pending')
    .where((where) =>
      where.or([
        where.and([where('from_user_id', '=', a), where('to_user_id', '=', b)]),
        where.and([where('from_user_id', '=', b), where('to_user_id', '=', a)]),
      ]),
    )
    .executeTakeFirst()
  const blocks = await db
    .selectFrom('blocks')
    .select('user_id')
    .where((where) =>
      where.or([
        where.and([where('user_id', '=', a), where('blocked_user_id', '=', b)]),
        where.and([where('user_id', '=', b), where('blocked_user_id', '=', a)]),
      ]),
    )
    .execute()
  return {
    friends: friendship !== undefined,
    pending: pending ?? null,
    blocked_by: blocks.map((row) => row.user_id),
    rejections: [...(await rejection(db, a, b)), ...(await rejection(db, b, a))],
  }
}

/** What became of the latest request, if it was rejected. */
async function rejection(db: Db | Trx, from: number, to: number): Promise<Pair['rejections']> {
  const last = await db
    .selectFrom('requests')
    .select(['status', 'decided_at'])
    .where('from_user_id', '=', from)
    .where('to_user_id', '=', to)
    .where('status', 'in', ['rejected', 'accepted'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.status === 'rejected' ? [{ by: to, at: last.decided_at ?? 0 }] : []
}

async function countSent(trx: Trx, userId: number, since: number): Promise<number> {
  const { n } = await trx
    .selectFrom('requests')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('from_user_id', '=', userId)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow()
  return n
}

async function carryOut(trx: Trx, decision: PairDecision, events: EventsOf, now: number): Promise<PairOutcome> {
  if ('refused' in decision) return decision
  let requestId: number | null = null
  for (const change of decision) requestId = (await write(trx, change, now)) ?? requestId
  await enqueue(trx, events(decision, requestId), now)
  return { done: decision, request: requestId === null ? null : ((await requestById(trx, requestId)) ?? null) }
}

/** @returns the id of the request concerned, if one is */
async function write(trx: Trx, change: PairChange, now: number): Promise<number | undefined> {
  switch (change.kind) {
    case 'request': {
      const row = {
        from_user_id: change.from,
        to_user_id: change.to,
        status: 'pending',
        created_at: now,
        decided_at: null,
      } as const
      const { insertId } = await trx.insertInto('requests').values(row).executeTakeFirstOrThrow()
      return Number(insertId)
    }
    case 'close':
      await trx
        .updateTable('requests')
        .set({ status: change.status, decided_at: now })
        .where('id', '=', change.request.id)
        .execute()
      return change.request.id
    case 'befriend': {
      const { from_user_id: a, to_user_id: b } = change.request
      await trx
        .insertInto('friendships')
        .values([
          { user_id: a, friend_id: b, since: now },
          { user_id: b, friend_id: a, since: now },
        ])
        .execute()
      return undefined
    }
    case 'unfriend':
      await trx
        .deleteFrom('friendships')
        .where((where) =>
          where.or([
            where.and([where('user_id', '=', change.by), where('friend_id', '=', change.other)]),
            where.and([where('user_id', '=', change.other), where('friend_id', '=', change.by)]),
          ]),
        )
        .execute()
      return undefined
    case 'block':
      await trx.insertInto('blocks').values({ user_id: change.by, blocked_user_id: change.other, since: now }).execute()
      return undefined
    case 'unblock':
      await trx
        .deleteFrom('blocks')
        .where('user_id', '=', change.by)
        .where('blocked_user_id', '=', change.other)
        .execute()
      return undefined
  }
}

const requestById = (trx: Trx, id: number): Promise<FriendRequest | undefined> =>
  trx.selectFrom('requests').select(REQUEST).where('id', '=', id).executeTakeFirst()
