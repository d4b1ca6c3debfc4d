import { operation, principalOf, type App } from '@bigtech/http'
import { defineErrors } from '@bigtech/kernel'
import { dependencyErrors } from '@bigtech/resilience'
import { Type } from 'typebox'
import type { Instances } from './instances.ts'
import { List, ReportStatus, ReportView } from './ops.schemas.ts'
import type { ReportOps } from './service-ops.ts'

export const reportErrors = defineErrors({
  REPORT_NOT_FOUND: { kind: 'not_found', ko: '신고를 찾을 수 없습니다', en: 'There is no such report' },
})

const ReportId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [1] })

/** What people told the operator of others, and whether somebody has looked after it. Administrators only. */
export function reportRoutes(app: App, reports: Instances<ReportOps>): void {
  const asked = { tag: 'ops', access: 'admin', errors: [dependencyErrors.DEPENDENCY_UNAVAILABLE] } as const
  app.get(
    '/api/ops/reports',
    operation({
      ...asked,
      id: 'listReports',
      summary: 'What people reported of others, newest first',
      querystring: Type.Object({
        before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [100] })),
        limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
        status: Type.Optional(ReportStatus),
      }),
      response: { 200: List(ReportView) },
    }),
    async (request) => ({ items: await reports.any((of, signal) => of.list(request.query, signal)) }),
  )
  app.patch(
    '/api/ops/reports/:id',
    operation({
      ...asked,
      id: 'markReport',
      summary: 'Mark a report as handled, by you and now, or as open again; what it is already stays',
      params: Type.Object({ id: ReportId }),
      body: Type.Object({ status: ReportStatus }),
      response: { 200: ReportView },
      errors: [...asked.errors, reportErrors.REPORT_NOT_FOUND],
    }),
    async (request) => {
      const mark = { id: request.params.id, status: request.body.status, by: principalOf(request).user_id }
      const report = await reports.any((of, signal) => of.mark(mark, signal))
      if (!report) throw reportErrors.REPORT_NOT_FOUND()
      return report
    },
  )
}
