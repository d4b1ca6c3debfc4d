import { isReady, type ReadinessCheck } from '@bigtech/http'
import { createInstances } from './instances.ts'
import { instancesOf, type Services } from './services.ts'

/**
 * A check for each service: it works if one of its processes does, with all that it depends on. Who is away is told as a number: anybody may ask
 * whether the gateway is ready, and where processes run is nobody's business.
 */
export const servicesReady = (services: Services): Record<string, ReadinessCheck> =>
  Object.fromEntries(
    Object.entries(services).map(([service, all]): [string, ReadinessCheck] => {
      const instances = createInstances(instancesOf(all))
      return [
        service,
        async () => {
          const asked = await instances.each((ops, signal) => ops.health(signal))
          const answers = asked.flatMap((one) => ('answer' in one ? [one.answer.checks] : []))
          if (answers.some(isReady)) return
          const checks = answers.flatMap((states) => Object.values(states))
          const faults = checks.flatMap(({ status, detail }) => (status === 'down' ? [detail ?? 'down'] : []))
          const away = asked.length - answers.length
          if (away > 0) faults.push(`${away} of ${asked.length} processes do not answer`)
          throw new Error([...new Set(faults)].join('; ') || 'no process runs it')
        },
      ]
    }),
  )
