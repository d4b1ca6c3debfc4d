import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'

/** A certificate with its chain and its private key, PEM. Times in milliseconds. */
export type Certificate = Readonly<{
  cert: string
  key: string
  notBefore: number
  notAfter: number
  /** Whether it is good for this name. */
  covers: (host: string) => boolean
  /** Names in it, without those with a `*`. */
  names: readonly string[]
}>

/** @throws Error that says which of the two is wrong, and how */
export function readCertificate(cert: string, key: string): Certificate {
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(key))
    throw new Error(
      'the private key has a passphrase; expected one without (openssl pkey -in KEY -out NEW takes it away)',
    )
  const leaf = attempt('the certificate', () => new X509Certificate(cert))
  const privateKey = attempt('the private key', () => createPrivateKey(key))
  if (!leaf.checkPrivateKey(privateKey)) throw new Error('the private key is not that of the certificate')
  // As TLS takes them: with all of the chain, and keys that are long enough.
  attempt('what was given', () => createSecureContext({ cert, key }))
  const names = (leaf.subjectAltName ?? '').split(', ').flatMap((name) => /^DNS:([^*]+)$/.exec(name)?.[1] ?? [])
  return {
    cert,
    key,
    notBefore: leaf.validFromDate.getTime(),
    notAfter: leaf.validToDate.getTime(),
    covers: (host) => leaf.checkHost(host) !== undefined,
    names,
  }
}

function attempt<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`${what} cannot be used (PEM expected): ${(error as Error).message}`, { cause: error })
  }
}
