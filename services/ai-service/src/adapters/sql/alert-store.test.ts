import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { alertStoreContract } from '../alert-store.contract.ts'
import { onMysql, onSqlite } from './databases.fixture.ts'

alertStoreContract('SQLite', onSqlite)

suite('MySQL', { skip: mysqlEngine.skip }, () => alertStoreContract('MySQL', onMysql))
