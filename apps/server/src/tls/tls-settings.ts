import { int, list, string, url, type Values } from '@bigtech/config'

/** How people reach the gateway over TLS without a proxy before it. */
export const tlsSchema = {
  DOMAIN: list({
    default: [],
    doc: 'Name of this server, as chat.example.com (or several): the gateway is reached over HTTPS with a certificate that it gets by ACME and renews itself. Whoever sets it agrees to the terms of the certificate authority.',
  }),
  TLS_CERT: string({
    optional: true,
    doc: 'File of a certificate with its chain, PEM, in the place of DOMAIN. A new one in its place is taken within ten seconds.',
  }),
  TLS_KEY: string({ optional: true, doc: 'File of the private key of TLS_CERT, PEM.' }),
  HTTPS_HOST: string({
    default: '0.0.0.0',
    doc: 'Address HTTPS listens on, with DOMAIN or TLS_CERT; :: also takes IPv6. HOST stays that of unencrypted HTTP, for programs of this machine.',
  }),
  HTTPS_PORT: int({ default: 443, min: 0, max: 65_535, doc: 'Port of HTTPS; 0 picks a free one.' }),
  HTTP_PORT: int({
    optional: true,
    min: 1,
    max: 65_535,
    doc: 'Port where people are sent on to HTTPS, and where a certificate authority asks: it asks at 80. Default: 80 with DOMAIN; with TLS_CERT none.',
  }),
  ACME_DIRECTORY: url({
    default: 'https://acme-v02.api.letsencrypt.org/directory',
    doc: 'Certificate authority of DOMAIN (ACME, RFC 8555). One of your own: its root goes into a file that NODE_EXTRA_CA_CERTS names.',
  }),
  ACME_EMAIL: string({ optional: true, doc: 'Where the certificate authority of DOMAIN writes to.' }),
} as const

export type TlsSettings = Values<typeof tlsSchema>

/** A name in the DNS with a dot in it, without a `*`: that one cannot be shown to be one's own over HTTP. */
const NAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/

export function tlsProblems(values: TlsSettings & Readonly<{ PROFILE: string; TRUST_PROXY: boolean }>): string[] {
  const { DOMAIN, TLS_CERT, TLS_KEY, PROFILE, TRUST_PROXY } = values
  const problems = DOMAIN.filter((name) => !NAME.test(name)).map(
    (name) =>
      `DOMAIN is ${JSON.stringify(name)}; expected names such as chat.example.com: lower case, no *, no IP address, other letters as xn--…`,
  )
  const lacking = TLS_CERT === undefined ? 'TLS_CERT' : 'TLS_KEY'
  if ((TLS_CERT === undefined) !== (TLS_KEY === undefined))
    problems.push(`${lacking} is not set; TLS_CERT and TLS_KEY belong together`)
  if (DOMAIN.length === 0) return problems
  if (TLS_CERT !== undefined) problems.push('DOMAIN and TLS_CERT are set; a certificate comes from one of them')
  if (PROFILE !== 'embedded')
    problems.push(
      'DOMAIN is set; gateways of PROFILE=distributed would each ask for a certificate: put a proxy with TLS before them, or give them TLS_CERT',
    )
  if (TRUST_PROXY)
    problems.push(
      'DOMAIN and TRUST_PROXY are set; whoever connects directly could claim any address in X-Forwarded-For',
    )
  return problems
}

/** Whether people reach the gateway over TLS. */
export const hasTls = ({ DOMAIN, TLS_CERT }: TlsSettings): boolean => DOMAIN.length > 0 || TLS_CERT !== undefined

/** Where people are sent on from; undefined: nowhere. */
export const httpPortOf = ({ HTTP_PORT, DOMAIN }: TlsSettings): number | undefined =>
  HTTP_PORT ?? (DOMAIN.length > 0 ? 80 : undefined)

/** The address that follows from DOMAIN. */
export function urlOfDomain({ DOMAIN, HTTPS_PORT }: TlsSettings): string | undefined {
  if (DOMAIN.length === 0) return undefined
  return `https://${DOMAIN[0]}${HTTPS_PORT === 443 || HTTPS_PORT === 0 ? '' : `:${HTTPS_PORT}`}`
}
