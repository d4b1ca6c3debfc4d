import { readFileSync } from 'node:fs'
import type { Logger } from '@bigtech/telemetry'
import { StartupError } from '../startup-error.ts'
import { readCertificate, type Certificate } from './certificate.ts'

/** Between two looks at the files: what renews them knows nothing of this program, and may replace a link. */
const LOOK_MS = 10_000

type Files = Readonly<{ TLS_CERT: string; TLS_KEY: string }>

/** @throws StartupError that names the file */
export function certificateOfFiles(files: Files): Certificate {
  const [cert, key] = (['TLS_CERT', 'TLS_KEY'] as const).map((name) => {
    try {
      return readFileSync(files[name], 'utf8')
    } catch (error) {
      throw new StartupError(`${name}: ${(error as Error).message}`)
    }
  })
  try {
    return readCertificate(cert!, key!)
  } catch (error) {
    throw new StartupError(`TLS_CERT ${files.TLS_CERT}, TLS_KEY ${files.TLS_KEY}: ${(error as Error).message}`)
  }
}

/**
 * Gives the new one whenever the files have changed and belong together; until then the old one goes on.
 * @param current what is used already @returns ends it
 */
export function watchCertificate(
  files: Files,
  current: Certificate,
  logger: Logger,
  use: (certificate: Certificate) => void,
  everyMs = LOOK_MS,
): () => void {
  let used = current
  let problem = ''
  const look = () => {
    try {
      const certificate = certificateOfFiles(files)
      problem = ''
      if (certificate.cert === used.cert && certificate.key === used.key) return
      used = certificate
      use(certificate)
      logger.info({ until: new Date(certificate.notAfter).toISOString() }, 'takes the new certificate')
    } catch (error) {
      // One of the two files is new, perhaps: the other follows. What lasts is told once.
      if (problem !== (error as Error).message) logger.warn({ err: error }, 'keeps the certificate it has')
      problem = (error as Error).message
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
