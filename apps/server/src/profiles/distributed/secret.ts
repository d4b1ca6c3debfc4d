import { setTimeout as sleep } from 'node:timers/promises'
import { createServiceTokens } from '@bigtech/http'
import { createHttpClient, createPolicy, HttpStatusError } from '@bigtech/resilience'
import type { Settings } from '../../config.ts'
import { engineSchema, internalUrlsOf } from '../../engine-settings.ts'
import { SERVICE_ROLES, type ServiceRole } from '../../roles.ts'
import { StartupError } from '../../startup-error.ts'

/** Whoever is about to end with another secret, while all of them are replaced, is waited for so long, ms. */
const WITHIN_MS = 10_000
const TRY_AGAIN_MS = 500
const ANSWER_MS = 1_000

type Told = Pick<Settings, 'SERVICE_SECRET' | ReturnType<typeof internalUrlsOf>>

/**
 * Before a process serves: whether one that it is told of refuses its SERVICE_SECRET. It would be ready and go on refusing, or being refused by, all the others: each call that
 * comes to it by turns would fail. Who does not answer is not asked again, as it may have been started together with this one.
 * @throws StartupError
 */
export async function checkSecret(settings: Told, withinMs = WITHIN_MS): Promise<void> {
  const until = performance.now() + withinMs
  for (;;) {
    const refusing = await refusingAt(settings)
    if (refusing.length === 0) return
    if (performance.now() > until) {
      const those = refusing.length === 1 ? 'refuses' : 'refuse'
      throw new StartupError(
        `SERVICE_SECRET: ${refusing.join(', ')} ${those} it; it must be the same for all processes.`,
      )
    }
    await sleep(TRY_AGAIN_MS)
  }
}

async function refusingAt(settings: Told): Promise<string[]> {
  const tokens = createServiceTokens({ service: 'gateway', secrets: settings.SERVICE_SECRET })
  const all = SERVICE_ROLES.flatMap((role) => toldOf(settings, role).map((baseUrl) => ({ role, baseUrl })))
  const refusing = await Promise.all(
    all.map(async ({ role, baseUrl }) => {
      const headers = () => ({ authorization: tokens.authorization(`${role}-service`) })
      const policy = createPolicy({ timeoutMs: ANSWER_MS, retries: 0 })
      const refused = await createHttpClient({ baseUrl, policy, headers })
        .get('/internal/ops/health')
        .then(
          () => false,
          (error: unknown) => error instanceof HttpStatusError && error.status === 401,
        )
      return refused ? [baseUrl] : []
    }),
  )
  return refusing.flat()
}

/** At the addresses that stand for none there may be another installation of the same machine. */
function toldOf(settings: Told, role: ServiceRole): readonly string[] {
  const name = internalUrlsOf(role)
  return settings[name] === engineSchema[name].defaultValue ? [] : settings[name]
}
