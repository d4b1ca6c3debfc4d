import type { ReadinessCheck } from '@bigtech/http'
import { createInstances } from './instances.ts'
import { instancesOf, type Services } from './services.ts'

/** A check for each service: it works if one of its processes does, with all that it depends on. */
export const servicesReady = (services: Services): Record<string, ReadinessCheck> =>
  Object.fromEntries(
    Object.entries(services).map(([service, all]): [string, ReadinessCheck] => {
      const instances = createInstances(instancesOf(all))
      return [
        service,
        async () => {
          const asked = await instances.each((ops, signal) => ops.health(signal))
          const faults = asked.map((one) => {
            if (!('answer' in one)) return one.detail
            const down = Object.values(one.answer.checks).filter(({ status }) => status === 'down')
            return down.map(({ detail }) => detail ?? 'down').join(', ')
          })
          if (faults.includes('')) return
          const named = asked.length === 1 ? faults : faults.map((fault, i) => `${asked[i]!.name}: ${fault}`)
          throw new Error(named.join('; ') || 'no process runs it')
        },
      ]
    }),
  )
