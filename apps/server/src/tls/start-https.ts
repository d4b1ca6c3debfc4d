import { join } from 'node:path'
import type { Server } from 'node:net'
import type { App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import type { Logger, Metrics } from '@bigtech/telemetry'
import type { Settings } from '../config.ts'
import { portError } from '../listen.ts'
import { obtainCertificate, storedCertificate, type Acme } from './acme.ts'
import type { Certificate } from './certificate.ts'
import { certificateOfFiles, watchCertificate } from './files.ts'
import { HttpsListener, listening } from './https.ts'
import { CertificateKeeper } from './keeper.ts'
import { createRedirect, type Challenges } from './redirect.ts'
import { httpPortOf } from './tls-settings.ts'

/** A start waits so long for the first certificate; a certificate authority takes seconds. */
const FIRST_MS = 60_000

type HttpsPorts = Readonly<{ clock: Clock; logger: Logger; metrics: Metrics }>

/**
 * The gateway over TLS, if DOMAIN or TLS_CERT say so, beside its port of unencrypted HTTP, and its port that sends people on. Without a
 * certificate the authority is asked again later; the rest runs meanwhile. @param stops gets what ends it
 * @returns the port of HTTPS, undefined as long as there is no certificate
 * @throws StartupError naming the setting
 */
export async function startHttps(
  app: App,
  settings: Settings,
  ports: HttpsPorts,
  stops: (() => Promise<void>)[],
): Promise<number | undefined> {
  const { DOMAIN, TLS_CERT, TLS_KEY, HTTPS_HOST, HTTPS_PORT } = settings
  const files = TLS_CERT !== undefined && TLS_KEY !== undefined ? { TLS_CERT, TLS_KEY } : undefined
  const isAcme = DOMAIN.length > 0
  const { clock, logger, metrics } = ports
  let current: Certificate | undefined
  tellExpiry(metrics, () => current)
  if (!files && !isAcme) return undefined

  let listener: HttpsListener | undefined
  let port: number | undefined
  const open = async (certificate: Certificate) => {
    current = certificate
    if (listener) return listener.use(certificate)
    listener = new HttpsListener(app.server, certificate, logger)
    const opened = listener
    stops.push(() => opened.stop())
    port = await had('HTTPS_PORT', HTTPS_HOST, HTTPS_PORT, () => opened.listen(HTTPS_HOST, HTTPS_PORT))
  }
  const challenges: Challenges = new Map()
  const httpPort = httpPortOf(settings)
  if (httpPort !== undefined) {
    const redirect = createRedirect(challenges, (host) => {
      const name = current?.covers(host) ? host : (DOMAIN[0] ?? current?.names[0] ?? host)
      return `https://${name}${(port ?? HTTPS_PORT) === 443 ? '' : `:${port ?? HTTPS_PORT}`}`
    })
    stops.push(() => closed(redirect))
    await had('HTTP_PORT', HTTPS_HOST, httpPort, () => listening(redirect, HTTPS_HOST, httpPort))
  }

  if (files) {
    const certificate = certificateOfFiles(files)
    await open(certificate)
    const unwatch = watchCertificate(files, certificate, logger, (renewed) => void open(renewed))
    stops.push(async () => unwatch())
    return port
  }
  const { ACME_DIRECTORY: directory, ACME_EMAIL: email, DATA_DIR } = settings
  const acme: Acme = { directory, email, names: DOMAIN, folder: join(DATA_DIR, 'tls'), challenges }
  const stored = storedCertificate(acme)
  if (stored) await open(stored)
  let opening: Promise<void> | undefined
  const keeper = new CertificateKeeper(stored, {
    clock,
    logger,
    obtain: () => obtainCertificate(acme),
    use(certificate) {
      opening = open(certificate)
      opening.catch((error: unknown) => logger.error({ err: error }, 'HTTPS cannot be opened'))
    },
  })
  stops.push(async () => keeper.stop())
  const first = keeper.start().then(() => opening)
  const limit = new Promise((resolve) => setTimeout(resolve, FIRST_MS).unref())
  await Promise.race([first, limit])
  return port
}

async function had<T>(variable: string, host: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (error) {
    throw portError(error, { host, port, variable, hosts: 'HTTPS_HOST' })
  }
}

function tellExpiry(metrics: Metrics, certificate: () => Certificate | undefined): void {
  metrics.gauge({
    name: 'tls_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of HTTPS ends, Unix time; 0 without one',
    collect: (gauge) => gauge.set((certificate()?.notAfter ?? 0) / 1_000),
  })
}

const closed = (server: Server & { closeAllConnections?: () => void }) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections?.()
  })
