import assert from 'node:assert/strict'
import { it } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { unavailableIfStorage } from './database.ts'

it('a full disk says nothing about an event, whoever of DuckDB notices it; what is wrong with a statement does', () => {
  for (const message of [
    'IO Error: Could not write file "/data/analytics.duckdb": No space left on device',
    'TransactionContext Error: Failed to commit: Could not write file "/data/analytics.duckdb.wal": No space left on device',
    'FATAL Error: Failed: database has been invalidated because of a previous fatal error.',
    'Out of Memory Error: failed to allocate data of size 32.0 MiB',
  ]) {
    const told = unavailableIfStorage(new Error(message))
    assert.ok(told instanceof AppError && told.code === 'STORAGE_UNAVAILABLE', message)
  }
  for (const message of [
    'Constraint Error: Duplicate key "id: 1" violates primary key constraint',
    'TransactionContext Error: Failed to commit: PRIMARY KEY or UNIQUE constraint violation: duplicate key "1"',
  ]) {
    const error = new Error(message)
    assert.equal(unavailableIfStorage(error), error)
  }
})
