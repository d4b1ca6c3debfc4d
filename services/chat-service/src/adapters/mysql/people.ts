import type { PeopleReadModel, Profile } from '../../ports.ts'
import type { People } from '../partition/ports.ts'
import { createMysqlClosures } from './closures.ts'
import { inTurn } from './in-turn.ts'
import { messagesBeside, type RoomMessages } from './room-messages.ts'
import type { ChatDb, PeopleTables } from './tables.ts'

/** Profiles remembered; beyond, all are forgotten. */
const MAX_PROFILES = 50_000
/** For how long what was read may be taken for the latest, ms: other processes change it, too. */
const SURE_MS = 1_000

/** Profiles are read each time; one that has not changed is the same object again. */
export function createMysqlPeople(
  db: ChatDb,
  monotonic: () => number = () => performance.now(),
  messages: RoomMessages = messagesBeside,
): People {
  const known = new Map<number, { profile: Profile; readAt: number }>()
  const remember = (profile: Profile, readAt: number): Profile => {
    const before = known.get(profile.user_id)
    const same = before && isSame(before.profile, profile) ? before.profile : profile
    if (known.size >= MAX_PROFILES) known.clear()
    known.set(profile.user_id, { profile: same, readAt })
    return same
  }
  /** Of this process; of the others it is heard within `SURE_MS`. */
  const forgetting =
    <Event extends { user_id: number }>(change: (event: Event) => Promise<void>) =>
    async (event: Event): Promise<void> => {
      await change(event)
      known.delete(event.user_id)
    }
  const closures = createMysqlClosures(db, messages)
  const { applyProfile, ...reads } = createEffects(db)

  return {
    ...reads,
    async profiles(userIds) {
      if (userIds.length === 0) return new Map()
      const readAt = monotonic()
      const rows = await db.selectFrom('profiles').selectAll().where('user_id', 'in', userIds).execute()
      return new Map(rows.map((row) => [row.user_id, remember(toProfile(row), readAt)]))
    },
    isLatest(profile) {
      const one = known.get(profile.user_id)
      return one?.profile === profile && monotonic() - one.readAt < SURE_MS
    },
    applyProfile: forgetting(applyProfile),
    prepareClosure: forgetting(closures.prepareClosure),
    cancelClosure: forgetting(closures.cancelClosure),
    forget: forgetting(closures.forget),
  }
}

function createEffects(db: ChatDb): Omit<PeopleReadModel, 'profiles' | 'isLatest'> {
  const isBlocked = async (by: number, other: number) => {
    const row = await db
      .selectFrom('blocks')
      .select('user_id')
      .where('user_id', '=', by)
      .where('blocked_user_id', '=', other)
      .executeTakeFirst()
    return row !== undefined
  }
  return {
    async highestId() {
      const row = await db
        .selectFrom('profiles')
        .select((select) => select.fn.max('user_id').as('id'))
        .executeTakeFirst()
      return row?.id ?? 0
    },
    hasBlocked: isBlocked,
    blocked: async (a, b) => (await isBlocked(a, b)) || isBlocked(b, a),
    applyProfile: ({ user_id, profile, ...event }) =>
      inTurn(db, event, async (trx) => {
        const { username, display_name, profile_image_url } = profile
        const values = { username, display_name, profile_image_url, active: profile.active ? 1 : 0 }
        await trx
          .insertInto('profiles')
          .values({ user_id, ...values })
          .onDuplicateKeyUpdate(values)
          .execute()
      }),
    applyBlock: ({ user_id, blocked_user_id, blocked, ...event }) =>
      inTurn(db, event, async (trx) => {
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
      }),
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
