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
import { hasTls, httpPortOf, urlOfDomain } from './tls-settings.ts'
import type { Stops } from '../stops.ts'

/** A start waits so long for the first certificate; a certificate authority takes seconds. */
const FIRST_MS = 60_000
/** A port that could not be had when the first certificate came is tried again. */
const LISTEN_AGAIN_MS = 60_000

type HttpsPorts = Readonly<{ clock: Clock; logger: Logger; metrics: Metrics }>

export type Https = Readonly<{
  /** undefined as long as there is no certificate. */
  port(this: void): number | undefined
  /** Where people come over TLS; undefined without a name. */
  url(this: void): string | undefined
  /** What whoever starts the server should know. */
  warnings(this: void): readonly string[]
  /** Resolves when there is a certificate, or it has been waited for long enough. */
  settled: Promise<void>
}>

/**
 * The gateway over TLS, if DOMAIN or TLS_CERT say so, beside its port of unencrypted HTTP, and its port that sends people on. Without a
 * certificate the authority is asked again later; the rest runs meanwhile. @param stops gets what ends it
 * @throws StartupError naming the setting
 */
export async function startHttps(
  app: App,
  settings: Settings,
  { clock, logger, metrics }: HttpsPorts,
  stops: Pick<Stops, 'add'>,
): Promise<Https> {
  const { DOMAIN, TLS_CERT, TLS_KEY, HTTPS_HOST, HTTPS_PORT } = settings
  let current: Certificate | undefined
  let port: number | undefined
  metrics.gauge({
    name: 'tls_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of HTTPS ends, Unix time; 0 without one',
    collect: (gauge) => gauge.set((current?.notAfter ?? 0) / 1_000),
  })
  const url = () => {
    const name = DOMAIN[0] ?? current?.names[0]
    const at = port ?? HTTPS_PORT
    return name === undefined ? undefined : `https://${name}${at === 443 ? '' : `:${at}`}`
  }
  const warnings = () => {
    if (!hasTls(settings)) return []
    if (port === undefined)
      return ['HTTPS waits for a certificate: the authority gave none, the log says why. It is asked again.']
    return current!.notAfter > clock.now() ? [] : ['the certificate of HTTPS has ended: browsers refuse it.']
  }
  const https = { port: () => port, url: () => settings.PUBLIC_URL ?? urlOfDomain(settings) ?? url(), warnings }
  if (!hasTls(settings)) return { ...https, url: () => undefined, settled: Promise.resolve() }

  let listener: HttpsListener | undefined
  const open = async (certificate: Certificate) => {
    if (listener) {
      listener.use(certificate)
      current = certificate
      return
    }
    const opened = new HttpsListener(app.server, certificate, logger)
    port = await had('HTTPS_PORT', HTTPS_HOST, HTTPS_PORT, () => opened.listen(HTTPS_HOST, HTTPS_PORT))
    listener = opened
    current = certificate
    stops.add('HTTPS', () => opened.stop())
    for (const warning of warnings()) logger.warn(warning)
  }

  let again: NodeJS.Timeout | undefined
  const openLater = (certificate: Certificate): Promise<void> =>
    open(certificate).catch((error: unknown) => {
      logger.error({ err: error }, 'HTTPS cannot be opened; it is tried again')
      again = setTimeout(() => void openLater(certificate), LISTEN_AGAIN_MS)
      again.unref()
    })

  const challenges: Challenges = new Map()
  const httpPort = httpPortOf(settings)
  if (httpPort !== undefined) {
    const redirect = createRedirect(challenges, (host) => {
      if (!isName(host) || !current?.covers(host)) return https.url()
      const at = port ?? HTTPS_PORT
      return `https://${host}${at === 443 ? '' : `:${at}`}`
    })
    stops.add('HTTP that sends people on', () => closed(redirect))
    await had('HTTP_PORT', HTTPS_HOST, httpPort, () => listening(redirect, HTTPS_HOST, httpPort))
  }

  if (TLS_CERT !== undefined && TLS_KEY !== undefined) {
    const files = { TLS_CERT, TLS_KEY }
    const certificate = certificateOfFiles(files)
    await open(certificate)
    const unwatch = watchCertificate(files, certificate, logger, (renewed) => void openLater(renewed))
    stops.add('the certificate', async () => unwatch())
    return { ...https, settled: Promise.resolve() }
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
    use: (certificate) => void (opening = openLater(certificate)),
  })
  stops.add('the certificate', async () => {
    keeper.stop()
    clearTimeout(again)
  })
  const first = keeper.start().then(() => opening)
  const limit = new Promise<void>((resolve) => setTimeout(resolve, FIRST_MS).unref())
  // One that is renewed is good meanwhile.
  const isGood = stored !== undefined && stored.notAfter > clock.now()
  return { ...https, settled: isGood ? Promise.resolve() : Promise.race([first, limit]) }
}

/** Of the DNS, as a link takes it. */
const isName = (host: string): boolean => /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host)

async function had<T>(variable: string, host: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (error) {
    throw portError(error, { host, port, variable, hosts: 'HTTPS_HOST' })
  }
}

const closed = (server: Server & { closeAllConnections?: () => void }) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections?.()
  })
