import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config } from '@bigtech/server/config'
import { startServer } from '@bigtech/server/server'
import type { Consumption, Document } from '@bigtech/http'
import type { AnyEvent, TopicConfig } from '@bigtech/messaging'
import { createLogger } from '@bigtech/telemetry'
import { chatEvents, chatTopics } from '@bigtech/chat-service/contract'
import { friendEvents, friendTopics } from '@bigtech/friend-service/contract'
import { userEvents, userTopics } from '@bigtech/user-service/contract'

/** What the documents are made of. */
export type System = Readonly<{
  documents: Readonly<Record<'gateway' | 'user' | 'friend' | 'chat' | 'analytics', Document>>
  topics: readonly TopicConfig[]
  events: readonly EventOfSystem[]
  consumers: readonly Consumption[]
}>

/** `key` only takes its own fields; here it is called with examples of them. */
export type EventOfSystem = AnyEvent & { key(fields: never): string }

/** Starts the server on a temporary folder and free ports, asks it what it is, and stops it. */
export async function describeSystem(): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'bigtech-generate-'))
  const free = {
    GATEWAY_PORT: '0',
    USER_SERVICE_PORT: '0',
    FRIEND_SERVICE_PORT: '0',
    CHAT_SERVICE_PORT: '0',
    ANALYTICS_SERVICE_PORT: '0',
  }
  try {
    const settings = config.parse({ DATA_DIR: folder, HOST: '127.0.0.1', ...free })
    const server = await startServer(settings, createLogger({ level: 'silent' }))
    try {
      const { gateway, user, friend, chat, analytics } = server.apps
      const documentOf = async (app: typeof gateway) => (await app.inject({ url: '/openapi.json' })).json<Document>()
      return {
        documents: {
          gateway: await documentOf(gateway),
          user: await documentOf(user),
          friend: await documentOf(friend),
          chat: await documentOf(chat),
          analytics: await documentOf(analytics),
        },
        topics: [...userTopics, ...friendTopics, ...chatTopics],
        events: [...userEvents, ...friendEvents, ...chatEvents],
        consumers: Object.values(server.profile.services)
          .map(({ module }): Consumption => module.consumes)
          .sort((a, b) => (a.group < b.group ? -1 : 1)),
      }
    } finally {
      await server.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
