import { suite } from 'node:test'
import { mysqlEngine } from '@bigtech/sql/testing'
import { consentStoreContract } from '../consent-store.contract.ts'
import { onMysql, onSqlite } from './databases.fixture.ts'

consentStoreContract('SQLite', onSqlite)

suite('MySQL', { skip: mysqlEngine.skip }, () => consentStoreContract('MySQL', onMysql))
