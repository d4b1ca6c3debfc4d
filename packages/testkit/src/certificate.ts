import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** For `skip`. */
export const noOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return false
  } catch {
    return 'no openssl, which makes certificates for tests'
  }
})()

/** Files of a certificate that has signed itself, and its text. */
export function makeCertificate(folder: string, name: string): { TLS_CERT: string; TLS_KEY: string; ca: string } {
  const [TLS_CERT, TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', TLS_KEY]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '30']
  execFileSync('openssl', ['req', '-x509', ...key, '-out', TLS_CERT, ...subject], { stdio: 'ignore' })
  return { TLS_CERT, TLS_KEY, ca: readFileSync(TLS_CERT, 'utf8') }
}
