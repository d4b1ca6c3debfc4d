import type { App, Document } from '@bigtech/http'
import { systemClock, type Clock } from '@bigtech/kernel'
import { createInstances, type Instances } from '../ops/instances.ts'
import { instancesOf, type Services } from '../ops/services.ts'
import type { ServiceOps } from '../ops/service-ops.ts'
import { mergeDocuments } from './merged-document.ts'

/** ms. A document is fetched again after this time: the service may have been replaced by a newer one. */
const FRESH_MS = 60_000
/** ms. A service that did not answer is asked again after this time. */
const AWAY_MS = 5_000

type Known = { document?: Document; askAt: number; asking?: Promise<void> | undefined }

/** The API of all services in one document. What a service last said of itself stays while it is away; one that never answered is named. */
export function createApiDocuments(
  services: Services,
  clock: Clock = systemClock,
): (gateway: App) => Promise<Document> {
  const all = Object.entries(services).map(([service, instances]) => ({
    service,
    instances: createInstances(instancesOf(instances)),
    known: { askAt: 0 } as Known,
  }))

  const refresh = async (instances: Instances<ServiceOps>, known: Known): Promise<void> => {
    try {
      known.document = await instances.any((ops, signal) => ops.document(signal))
      known.askAt = clock.now() + FRESH_MS
    } catch {
      // Which service is away is what /ready and the operations tell.
      known.askAt = clock.now() + AWAY_MS
    }
    known.asking = undefined
  }

  return async (gateway) => {
    await Promise.all(
      all.map(async ({ instances, known }) => {
        if (!known.asking && known.askAt <= clock.now()) known.asking = refresh(instances, known)
        await known.asking
      }),
    )
    return mergeDocuments(
      gateway.swagger() as Document,
      all.flatMap(({ known }) => known.document ?? []),
      all.flatMap(({ service, known }) => (known.document ? [] : [service])),
    )
  }
}
