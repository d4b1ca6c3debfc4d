import { once } from '@bigtech/messaging'
import type { PeopleReadModel, Profile } from '../../ports.ts'
import type { ChatDb, ChatTrx, PeopleTables } from './tables.ts'

/** Profiles remembered; beyond, all are forgotten. */
const MAX_PROFILES = 50_000
/** For how long what was read may be taken for the latest, ms: other processes change it, too. */
const SURE_MS = 1_000

export const GROUP = 'chat-service'

/** An effect of another service's event, once per event id, in the transaction of its effect. */
export const inTurn = async (
  db: ChatDb,
  event: { event_id: string; now: number },
  effect: (trx: ChatTrx) => Promise<void>,
): Promise<boolean> => once(db, { group: GROUP, eventId: event.event_id, now: event.now }, effect)

export type MysqlPeople = PeopleReadModel & {
  /** After a change of somebody's profile by this process. */
  forget(userId: number): void
}

/** Profiles are read each time; one that has not changed is the same object again. */
export function createMysqlPeople(db: ChatDb, monotonic: () => number = () => performance.now()): MysqlPeople {
  const known = new Map<number, { profile: Profile; readAt: number }>()
  const remember = (profile: Profile, readAt: number): Profile => {
    const before = known.get(profile.user_id)
    const same = before && isSame(before.profile, profile) ? before.profile : profile
    if (known.size >= MAX_PROFILES) known.clear()
    known.set(profile.user_id, { profile: same, readAt })
    return same
  }
  const isBlocked = async (by: number, other: number) =>
    (await db
      .selectFrom('blocks')
      .select('user_id')
      .where('user_id', '=', by)
      .where('blocked_user_id', '=', other)
      .executeTakeFirst()) !== undefined

  return {
    async highestId() {
      const row = await db
        .selectFrom('profiles')
        .select(({ fn }) => fn.max('user_id').as('id'))
        .executeTakeFirst()
      return row?.id ?? 0
    },
    async profiles(userIds) {
      if (userIds.length === 0) return new Map()
      const readAt = monotonic()
      const rows = await db
        .selectFrom('profiles')
        .selectAll()
        .where('user_id', 'in', [...userIds])
        .execute()
      return new Map(rows.map((row) => [row.user_id, remember(toProfile(row), readAt)]))
    },
    isLatest(profile) {
      const one = known.get(profile.user_id)
      return one?.profile === profile && monotonic() - one.readAt < SURE_MS
    },
    hasBlocked: isBlocked,
    blocked: async (a, b) => (await isBlocked(a, b)) || isBlocked(b, a),
    async applyProfile({ user_id, profile, ...event }) {
      const values = { ...profile, active: profile.active ? 1 : 0 }
      await inTurn(db, event, async (trx) => {
        await trx
          .insertInto('profiles')
          .values({ user_id, ...values })
          .onDuplicateKeyUpdate(values)
          .execute()
      })
      known.delete(user_id)
    },
    async applyBlock({ user_id, blocked_user_id, blocked, ...event }) {
      await inTurn(db, event, async (trx) => {
        if (blocked)
          await trx
            .insertInto('blocks')
            .values({ user_id, blocked_user_id })
            .onDuplicateKeyUpdate((row) => ({ user_id: row.ref('blocks.user_id') }))
            .execute()
        else
          await trx
            .deleteFrom('blocks')
            .where('user_id', '=', user_id)
            .where('blocked_user_id', '=', blocked_user_id)
            .execute()
      })
    },
    forget: (userId) => void known.delete(userId),
  }
}

const toProfile = (row: PeopleTables['profiles']): Profile => ({
  user_id: row.user_id,
  username: row.username,
  display_name: row.display_name,
  profile_image_url: row.profile_image_url,
  active: row.active === 1,
})

const isSame = (one: Profile, other: Profile): boolean =>
  one.username === other.username &&
  one.display_name === other.display_name &&
  one.profile_image_url === other.profile_image_url &&
  one.active === other.active
