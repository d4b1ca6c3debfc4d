import { createInternalHost, createServiceTokenVerifier } from '@bigtech/http'
import { createMetrics, nullLogger } from '@bigtech/telemetry'
import { runPartitionHttp } from '../../features/run-partition/run-partition.http.ts'
import type { PartitionShare } from '../../ports.ts'

/** The internal port of a process of chat-service, for what others ask of its partitions. @returns where it listens */
export async function openPartitionHost(
  t: { after(close: () => unknown): void },
  { secret, ...share }: Pick<PartitionShare, 'node' | 'handle'> & Readonly<{ secret: string }>,
) {
  const app = await createInternalHost({
    service: 'chat-service',
    tokens: createServiceTokenVerifier({ service: 'chat-service', secrets: [secret] }),
    logger: nullLogger,
    metrics: createMetrics('chat-service'),
    readiness: {},
  })
  runPartitionHttp(app, { share })
  t.after(() => app.close())
  return { app, address: await app.listen({ port: 0, host: '127.0.0.1' }) }
}
