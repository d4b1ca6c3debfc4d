import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { recordingStoreContract } from '../recording-store.contract.ts'
import { onMysql, onSqlite } from './databases.fixture.ts'

recordingStoreContract('SQLite', onSqlite)

suite('MySQL', { skip: mysqlEngine.skip }, () => recordingStoreContract('MySQL', onMysql))
