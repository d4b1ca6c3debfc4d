import { join } from 'node:path'
import { suite } from 'node:test'
import { connectMysql, openThreadedDatabase, type Migration } from '@bigtech/sql'
import { mysqlEngine, temporaryMysql } from '@bigtech/sql/testing'
import { tempDir } from '@bigtech/testkit'
import { leasesContract } from './leases.contract.ts'
import { createLeasesTable, createSqlLeases, type LeaseTables } from './sql-leases.ts'

const migrations: Record<string, Migration> = { '0001_leases': { up: createLeasesTable } }

leasesContract('SQLite', async (t) => {
  const db = await openThreadedDatabase<LeaseTables>(join(tempDir(t), 'test.db'), 'test', migrations)
  t.after(() => db.destroy())
  const leases = createSqlLeases(db)
  return [leases, leases]
})

suite('MariaDB', { skip: mysqlEngine.skip }, () => {
  if (mysqlEngine.skip) return
  leasesContract('MariaDB', async (t) => {
    const { db, options } = await temporaryMysql<LeaseTables>(t, migrations)
    const other = await connectMysql<LeaseTables>(options)
    t.after(() => other.destroy())
    return [createSqlLeases(db), createSqlLeases(other)]
  })
})
