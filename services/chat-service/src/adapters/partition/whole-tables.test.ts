import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeTables } from './whole-tables.ts'

test('tables are whole from what this process has seen on, and from where they were before they were made anew', () => {
  const check = wholeTables({ status: () => [{ p: 0, owner: undefined, seen: { n: 3, at: 3 } }] })
  const isWhole = (n: number, wholeFrom?: number) => {
    try {
      check([{ n, at: n, ...(wholeFrom === undefined ? {} : { wholeFrom }) }])
      return true
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'STORAGE_UNAVAILABLE')
      return false
    }
  }
  assert.deepEqual([isWhole(2), isWhole(3), isWhole(3, 0)], [false, true, true])
  assert.deepEqual([isWhole(6, 7), isWhole(7, 7), isWhole(8, 7)], [false, true, true])
})
