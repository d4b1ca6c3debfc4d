import { STATUS_CODES } from 'node:http'
import { opsErrors, reportErrors } from '@bigtech/server/ops'
import { fileErrors } from '@bigtech/files'
import { commonErrors, statusOf } from '@bigtech/http'
import type { ErrorFactory } from '@bigtech/kernel'
import { redisErrors } from '@bigtech/redis'
import { upstreamErrors } from '@bigtech/server/upstream'
import { messagingErrors } from '@bigtech/messaging'
import { dependencyErrors } from '@bigtech/resilience'
import { storageErrors } from '@bigtech/sql'
import { aiErrors } from '@bigtech/ai-service/contract'
import { analyticsErrors } from '@bigtech/analytics-service/contract'
import { chatErrors } from '@bigtech/chat-service/contract'
import { friendErrors } from '@bigtech/friend-service/contract'
import { notificationErrors } from '@bigtech/notification-service/contract'
import { userErrors } from '@bigtech/user-service/contract'
import { table } from './events.ts'
import type { System } from './system.ts'

/** Every error catalogue there is. */
export const catalogues: Readonly<Record<string, Readonly<Record<string, ErrorFactory>>>> = {
  'user-service': userErrors,
  'friend-service': friendErrors,
  'chat-service': chatErrors,
  'notification-service': notificationErrors,
  'ai-service': aiErrors,
  'analytics-service': analyticsErrors,
  operations: { ...opsErrors, ...reportErrors },
  files: fileErrors,
  'any service': commonErrors,
  storage: storageErrors,
  dependencies: dependencyErrors,
  events: messagingErrors,
  'shared state': redisErrors,
  gateway: upstreamErrors,
}

/** The generated part of docs/errors.md: one table a catalogue, by code. */
export function errorTable({ documents }: System): string {
  const used = operationsByCode(documents.gateway)
  return Object.entries(catalogues)
    .map(([name, catalogue]) => {
      const rows = Object.values(catalogue)
        .sort((a, b) => (a.code < b.code ? -1 : 1))
        .map(({ code, definition }) => {
          const status = statusOf[definition.kind]
          const operations = used.get(code) ?? []
          const where = operations.length > 6 ? `${operations.length} operations` : operations.join(', ')
          return [`\`${code}\``, `${status} ${STATUS_CODES[status]}`, definition.ko, definition.en, where || '–']
        })
      return `## ${name}\n\n${table(['code', 'status', '한국어', 'English', 'operations'], rows)}`
    })
    .join('\n\n')
}

/** Error code → ids of the operations that document it. */
export function operationsByCode(document: System['documents']['gateway']): Map<string, string[]> {
  const used = new Map<string, string[]>()
  for (const operation of Object.values(document.paths ?? {}).flatMap((path) => Object.values(path)))
    for (const { content } of Object.values(operation.responses ?? {}))
      for (const code of Object.keys(content?.['application/problem+json']?.examples ?? {}))
        used.set(code, [...(used.get(code) ?? []), String(operation.operationId)])
  return used
}
