import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { linkStoreContract } from '../link-store.contract.ts'
import { onMysql, onSqlite } from './databases.fixture.ts'

linkStoreContract('SQLite', onSqlite)

suite('MySQL', { skip: mysqlEngine.skip }, () => linkStoreContract('MySQL', onMysql))
