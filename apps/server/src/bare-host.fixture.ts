import { createHost, type App, type HostOptions } from '@bigtech/http'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import type { Cleanup } from '@bigtech/testkit'

/** A host without a service, where nobody signs in; closed in the end, as often as the test has closed it before. */
export async function bareHost(t: Cleanup, options: Partial<HostOptions> = {}): Promise<App> {
  const app = await createHost({
    service: { name: 'test', title: 'Test', description: '' },
    logger: nullLogger,
    metrics: createMetrics('test'),
    tokens: { verify: () => Promise.reject(new Error('nobody signs in here')) },
    readiness: {},
    corsOrigins: [],
    trustProxy: false,
    ...options,
  })
  t.after(() => app.close())
  return app
}
