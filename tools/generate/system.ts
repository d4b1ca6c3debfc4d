import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config } from '@bigtech/server/config'
import { perService, ROLES, type Role } from '@bigtech/server/roles'
import { FREE_PORTS } from '@bigtech/server/settings'
import { startServer } from '@bigtech/server/server'
import type { Consumption, Document } from '@bigtech/http'
import type { AnyEvent, TopicConfig } from '@bigtech/messaging'
import { createLogger, createMetrics, type MetricDescription } from '@bigtech/telemetry'
import { careEvents, careTopics } from '@bigtech/ai-service/contract'
import { measureLog } from '@bigtech/chat-service/adapters'
import { chatEvents, chatTopics } from '@bigtech/chat-service/contract'
import { friendEvents, friendTopics } from '@bigtech/friend-service/contract'
import { userEvents, userTopics } from '@bigtech/user-service/contract'

/** What the documents are made of. */
export type System = Readonly<{
  documents: Readonly<Record<Role, Document>>
  topics: readonly TopicConfig[]
  events: readonly EventOfSystem[]
  consumers: readonly Consumption[]
  metrics: Readonly<Record<Role, readonly MetricDescription[]>>
  /** Those that chat-service has only when many processes write the rooms. */
  metricsOfLog: readonly MetricDescription[]
}>

/** `key` only takes its own fields; here it is called with examples of them. */
export type EventOfSystem = AnyEvent & { key(fields: never): string }

/** Starts the server on a temporary folder and free ports, asks it what it is, and stops it. */
export async function describeSystem(): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'bigtech-generate-'))
  try {
    const settings = config.parse({ DATA_DIR: folder, HOST: '127.0.0.1', ...FREE_PORTS })
    const server = await startServer(settings, createLogger({ level: 'silent' }))
    try {
      const documents: Partial<Record<Role, Document>> = {}
      for (const role of ROLES)
        documents[role] = (await server.apps[role].inject({ url: '/openapi.json' })).json<Document>()
      return {
        documents: documents as Record<Role, Document>,
        topics: [...userTopics, ...friendTopics, ...chatTopics, ...careTopics],
        events: [...userEvents, ...friendEvents, ...chatEvents, ...careEvents],
        consumers: Object.values(server.profile.services)
          .map(({ module }): Consumption => module.consumes)
          .sort((a, b) => (a.group < b.group ? -1 : 1)),
        metrics: {
          ...perService((role) => server.metrics[role].list()),
          gateway: server.metrics.gateway.list(),
        },
        metricsOfLog: metricsOfLog(),
      }
    } finally {
      await server.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function metricsOfLog(): MetricDescription[] {
  const metrics = createMetrics('chat-service')
  const others = new Set(metrics.list().map(({ name }) => name))
  measureLog(metrics, { status: () => [], indexer: { waiting: 0 } })
  return metrics.list().filter(({ name }) => !others.has(name))
}
