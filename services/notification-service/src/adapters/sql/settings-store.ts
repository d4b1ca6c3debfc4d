import { transaction } from '@bigtech/sql'
import { changed, DEFAULT_SETTINGS, type Settings, type SettingsChange } from '../../domain/settings.ts'
import type { SettingsStore } from '../../ports.ts'
import { planDigest } from './mail-store.ts'
import { chunksOf, type Db, type Trx } from './schema.ts'

export function createSqlSettingsStore(db: Db): SettingsStore {
  const read = async (on: Db | Trx, userIds: readonly number[]) => {
    const found = new Map<number, Settings>()
    for (const part of chunksOf(userIds)) {
      const rows = await on.selectFrom('settings').selectAll().where('user_id', 'in', part).execute()
      for (const { user_id, value } of rows) found.set(user_id, changed(JSON.parse(value) as SettingsChange, {}))
    }
    return found
  }
  return {
    async of(userIds) {
      const found = await read(db, userIds)
      return new Map(userIds.map((id) => [id, found.get(id) ?? DEFAULT_SETTINGS]))
    },
    change: (userId, change, digestAt) =>
      transaction(db, async (trx) => {
        const known = await trx.selectFrom('settings').select('value').where('user_id', '=', userId).executeTakeFirst()
        const settings = changed(known ? (JSON.parse(known.value) as SettingsChange) : {}, change)
        await trx.deleteFrom('settings').where('user_id', '=', userId).execute()
        await trx
          .insertInto('settings')
          .values({ user_id: userId, value: JSON.stringify(settings) })
          .execute()
        if (change.digest !== undefined) await planDigest(trx, userId, change.digest ? digestAt! : null)
        return settings
      }),
  }
}
