import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { entryStoreContract } from '../entry-store.contract.ts'
import { onMysql, onSqlite } from './databases.fixture.ts'

entryStoreContract('SQLite', onSqlite)

suite('MySQL', { skip: mysqlEngine.skip }, () => entryStoreContract('MySQL', onMysql))
