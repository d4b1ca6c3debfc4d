import { hostname } from 'node:os'
import type { App } from '@bigtech/http'
import type { Settings } from '../config.ts'
import type { MadeAnalytics, MadeChat, MadeFriend, MadeUser } from '../profiles/profile.ts'
import { createLocalOps } from './local-ops.ts'
import type { ServiceOps } from './service-ops.ts'

/**
 * A service of this process, as a profile made it.
 * @param app its own host
 * @param name what operators know this process by
 */
export function opsOfMade(
  made: MadeUser | MadeFriend | MadeChat | MadeAnalytics,
  app: App,
  name: string,
  settings: Pick<Settings, 'FILES_PER_USER' | 'STORAGE_PER_USER'>,
): ServiceOps {
  const { module, metrics, outbox } = made
  return createLocalOps({
    name,
    app,
    metrics,
    readiness: module.readiness,
    ...(outbox && 'events' in module ? { outbox: { outbox, notify: module.events.notify } } : {}),
    ...('files' in made ? { storage: storageOf(made, settings) } : {}),
    ...('partitions' in made ? { partitions: made.partitions } : {}),
    ...('reports' in module ? { reports: module.reports } : {}),
  })
}

/** What operators know this process by. */
export const nodeName = ({ NODE_ID }: Pick<Settings, 'NODE_ID'>): string => NODE_ID ?? hostname()

const storageOf =
  ({ files }: MadeChat, settings: Parameters<typeof opsOfMade>[3]): NonNullable<ServiceOps['storage']> =>
  async (limit) => {
    const { total, accounts } = await files.largestUsages(limit)
    const allowed = { files: settings.FILES_PER_USER, bytes: settings.STORAGE_PER_USER }
    return { total, accounts: [...accounts], allowed }
  }
