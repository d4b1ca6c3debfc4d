import type { Settings } from '../config.ts'
import { hasTls, urlOfDomain } from './tls-settings.ts'

const LOCAL = ['127.0.0.1', '::1', 'localhost']

/** Whether only programs of this machine connect to an address. */
export const isLocal = (host: string): boolean => LOCAL.includes(host)

/** Where people come over TLS. @param port undefined without a certificate */
export function httpsUrlOf(settings: Settings, port: number | undefined): string | undefined {
  if (port === undefined) return undefined
  const { PUBLIC_URL, HTTPS_HOST } = settings
  if (PUBLIC_URL?.startsWith('https:')) return PUBLIC_URL
  const host = isLocal(HTTPS_HOST) ? HTTPS_HOST : 'localhost'
  return urlOfDomain(settings) ?? `https://${host}${port === 443 ? '' : `:${port}`}`
}

/** What of it is open to others and should not be. */
export function exposureOf(settings: Settings, httpsPort: number | undefined): string[] {
  const { HOST, TRUST_PROXY, GATEWAY_PORT } = settings
  const warnings: string[] = []
  if (!isLocal(HOST) && !TRUST_PROXY)
    warnings.push(
      `HOST=${HOST}: passwords and messages pass the network unencrypted at port ${GATEWAY_PORT}. ` +
        (hasTls(settings)
          ? 'HTTPS has an address of its own (HTTPS_HOST): leave HOST unset.'
          : 'Set DOMAIN or TLS_CERT (docs/https.md), or put a proxy with TLS before it and set TRUST_PROXY=true.'),
    )
  if (hasTls(settings) && httpsPort === undefined)
    warnings.push('HTTPS waits for a certificate: the authority gave none, the log says why. It is asked again.')
  return warnings
}
