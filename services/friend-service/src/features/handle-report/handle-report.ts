import type { Clock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import type { Report, ReportStatus, ReportStore } from '../../ports.ts'

export type HandleReport = Readonly<{ id: number; status: ReportStatus; by: number }>

/**
 * An administrator has looked after a report, or takes that back. Repeatable: whoever was first stays.
 * @returns the report as it now is; undefined if there is none
 */
export async function handleReport(
  ports: { reports: ReportStore; clock: Clock; logger: Logger },
  { id, status, by }: HandleReport,
): Promise<Report | undefined> {
  const outcome = await ports.reports.mark({ id, status, by, now: ports.clock.now() })
  if (outcome?.changed)
    ports.logger.info(
      { event: 'report_marked', report_id: id, user_id: outcome.report.user_id, by, status },
      'security: an administrator marked a report',
    )
  return outcome?.report
}
