import { operation, type App } from '@bigtech/http'
import { analyticsErrors } from '../../contract/errors.ts'
import { RebuildSchema } from '../../contract/schemas.ts'
import type { Rebuild } from './rebuild-statistics.ts'

export function rebuildStatisticsHttp(
  app: App,
  { rebuild, background }: { rebuild: Rebuild; background: (work: Promise<void>) => void },
): void {
  app.get(
    '/analytics/rebuild',
    operation({
      id: 'getStatisticsRebuild',
      tag: 'analytics',
      access: 'admin',
      summary: 'How far making the statistics anew is, or how it ended since this process started',
      response: { 200: RebuildSchema },
    }),
    async () => rebuild.state(),
  )
  app.post(
    '/analytics/rebuild',
    operation({
      id: 'rebuildStatistics',
      tag: 'analytics',
      access: 'admin',
      summary: 'Make the statistics anew from the event log; they go on answering meanwhile',
      description: 'What is older than the log is taken over as it was counted.',
      response: { 202: RebuildSchema },
      errors: [analyticsErrors.REBUILD_RUNNING],
    }),
    async (_request, reply) => {
      const running = rebuild.state().state === 'running'
      if (running) throw analyticsErrors.REBUILD_RUNNING()
      background(rebuild.run())
      return reply.code(202).send(rebuild.state())
    },
  )
}
