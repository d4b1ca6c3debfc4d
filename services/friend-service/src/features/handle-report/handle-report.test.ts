import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger } from '@bigtech/telemetry'
import type { Report, ReportStore } from '../../ports.ts'
import { handleReport } from './handle-report.ts'

test('who marks a report is told to the log, once', async () => {
  const told: object[] = []
  const report = { id: 1, user_id: 8 } as Report
  let changed = true
  const reports = { mark: async ({ id }) => (id === 1 ? { report, changed } : undefined) } as ReportStore
  const logger = { info: (fields: object) => void told.push(fields) } as unknown as Logger
  const ports = { reports, logger, clock: { now: () => 5 } }
  assert.equal(await handleReport(ports, { id: 1, status: 'handled', by: 3 }), report)
  changed = false
  assert.equal(await handleReport(ports, { id: 1, status: 'handled', by: 4 }), report)
  assert.equal(await handleReport(ports, { id: 2, status: 'handled', by: 3 }), undefined)
  assert.deepEqual(told, [{ event: 'report_marked', report_id: 1, user_id: 8, by: 3, status: 'handled' }])
})
