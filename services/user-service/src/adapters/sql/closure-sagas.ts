import { locksRows } from '@bigtech/sql'
import type { Selectable } from 'kysely'
import type { ClosureSaga } from '../../domain/closure-saga.ts'
import type { ClosureSagas } from '../../ports.ts'
import type { Db, UserSchema } from './schema.ts'

export function createClosureSagas(db: Db): ClosureSagas {
  return {
    async find(id) {
      const row = await db
        .selectFrom('closure_sagas')
        .selectAll()
        .where('id', '=', id)
        .$if(locksRows(db), (query) => query.forUpdate())
        .executeTakeFirst()
      return row && toSaga(row)
    },
    async save(saga, orphan) {
      const row = {
        ...saga,
        participants: JSON.stringify(saga.participants),
        prepared: JSON.stringify(saga.prepared),
        ...(orphan === undefined ? {} : { orphan }),
      }
      const { numUpdatedRows } = await db
        .updateTable('closure_sagas')
        .set(row)
        .where('id', '=', saga.id)
        .executeTakeFirst()
      if (numUpdatedRows === 0n)
        await db
          .insertInto('closure_sagas')
          .values({ ...row, orphan: orphan ?? null })
          .execute()
    },
    async preparing() {
      const rows = await db.selectFrom('closure_sagas').selectAll().where('state', '=', 'preparing').execute()
      return rows.map(toSaga)
    },
    async orphans() {
      const rows = await db
        .selectFrom('closure_sagas')
        .select(['id', 'orphan'])
        .where('orphan', 'is not', null)
        .execute()
      return rows.map((row) => ({ saga_id: row.id, key: row.orphan! }))
    },
    async forgetOrphan(sagaId) {
      await db.updateTable('closure_sagas').set({ orphan: null }).where('id', '=', sagaId).execute()
    },
  }
}

const toSaga = ({ orphan: _orphan, ...row }: Selectable<UserSchema['closure_sagas']>): ClosureSaga => ({
  ...row,
  state: row.state as ClosureSaga['state'],
  participants: JSON.parse(row.participants) as string[],
  prepared: JSON.parse(row.prepared) as string[],
})
