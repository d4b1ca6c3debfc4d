import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { weekStoreContract } from '../week-store.contract.ts'
import { onMysql, onSqlite } from './databases.fixture.ts'

weekStoreContract('SQLite', onSqlite)

suite('MySQL', { skip: mysqlEngine.skip }, () => weekStoreContract('MySQL', onMysql))
