import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasDuckdb } from '@bigtech/analytics-service/adapters'
import { config } from '../config.ts'
import { StartupError } from '../startup-error.ts'
import { analyticsOptions } from './options.ts'

test('an image that was built without statistics says so at the start, not with the first event', () => {
  assert.equal(hasDuckdb(), true)
  const without = () => import.meta.resolve('@duckdb/not-there')
  assert.equal(hasDuckdb(without), false)
  assert.throws(
    () => analyticsOptions(config.parse({}), hasDuckdb(without)),
    (error) => error instanceof StartupError && /WITHOUT=statistics/.test(error.message),
  )
  assert.equal(analyticsOptions(config.parse({}), true).timeZone, 'Asia/Seoul')
})
