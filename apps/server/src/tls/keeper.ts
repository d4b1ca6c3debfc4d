import type { Clock } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import type { Certificate } from './certificate.ts'

const HOUR_MS = 3_600_000
/** After a failure, twice as long each time: Let's Encrypt allows five failures an hour and name. */
const FIRST_PAUSE_MS = 900_000
const LONGEST_PAUSE_MS = 12 * HOUR_MS

export type KeeperPorts = Readonly<{
  clock: Clock
  logger: Logger
  obtain: () => Promise<Certificate>
  /** Of a new one. */
  use: (certificate: Certificate) => void
}>

/** When the last third of its life begins, as certificate authorities advise. */
export const renewalOf = ({ notBefore, notAfter }: Certificate): number => notAfter - (notAfter - notBefore) / 3

/** Looks once an hour whether the certificate wants renewal; what fails is tried again, in pauses that grow. */
export class CertificateKeeper {
  readonly #ports: KeeperPorts
  #certificate: Certificate | undefined
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(certificate: Certificate | undefined, ports: KeeperPorts) {
    this.#certificate = certificate
    this.#ports = ports
  }

  /** Resolves when the first look is done, whatever came of it. */
  async start(): Promise<void> {
    const { clock, logger } = this.#ports
    const isDue = this.#certificate === undefined || clock.now() >= renewalOf(this.#certificate)
    if (isDue)
      try {
        const certificate = await this.#ports.obtain()
        if (this.#stopped) return
        this.#certificate = certificate
        this.#failures = 0
        this.#ports.use(certificate)
        logger.info({ until: new Date(certificate.notAfter).toISOString() }, 'has a new certificate')
      } catch (error) {
        this.#failures++
        const { notAfter = 0 } = this.#certificate ?? {}
        const level = notAfter > clock.now() ? 'warn' : 'error'
        logger[level]({ err: error, again_in_s: this.#pause() / 1_000 }, 'got no certificate')
      }
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.start(), this.#pause())
    this.#timer.unref()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #pause(): number {
    if (this.#failures === 0) return HOUR_MS
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1))
  }
}
