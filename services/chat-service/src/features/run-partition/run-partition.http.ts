import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { PartitionShare } from '../../ports.ts'
import { PartitionCommand } from './commands.schema.ts'

const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const MAX_BODY = 16 * 1_024 * 1_024

/**
 * For other processes of chat-service: commands for a partition that this one owns. They are of the same program, or of one close to it. All of a request are
 * looked at before any is carried out.
 */
export function runPartitionHttp(
  app: App,
  { share }: Readonly<{ share: Pick<PartitionShare, 'handle' | 'node'> }>,
): void {
  app.post(
    '/internal/partitions/:p/commands',
    {
      ...operation({
        id: 'runPartition',
        tag: 'internal',
        access: 'public',
        idempotent: false,
        summary: 'Commands for the owner of a partition of the log',
        params: Type.Object({ p: Whole }),
        body: Type.Object(
          { term: Whole, commands: Type.Array(PartitionCommand, { maxItems: 1_000 }) },
          { examples: [{ term: 1, commands: [] }] },
        ),
        response: { 200: Type.Object({ outcomes: Type.Array(Type.Any()) }) },
      }),
      bodyLimit: MAX_BODY,
    },
    async ({ params, body }) => ({ outcomes: await share.handle(params.p, body.term, body.commands) }),
  )
  app.get(
    '/internal/partitions/process',
    operation({
      id: 'partitionProcess',
      tag: 'internal',
      access: 'public',
      summary: 'Which process this is: for whoever has its address and wants to know whether it is right',
      response: { 200: Type.Object({ node: Type.String() }) },
    }),
    () => ({ node: share.node }),
  )
}
