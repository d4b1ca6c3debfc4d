import { sign } from 'node:crypto'
import { Type } from 'typebox'
import { CareFailure } from '../../ports.ts'
import { unlessAborted } from '../failures.ts'
import { ask, NotKnown } from './ask.ts'
import { checked } from './checked.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const TOKEN_PATH = '/computeMetadata/v1/instance/service-accounts/default/token'
/** A token is given up so long before it ends: what is asked for with it takes time. */
const SPARE_S = 120
/** The longest that Google allows. */
const LIFE_S = 3_600
const TIMEOUT_MS = 10_000

/** Of the key file that Google's console gives. */
export type ServiceAccount = Readonly<{
  client_email: string
  private_key_id: string
  /** PKCS #8, PEM. */
  private_key: string
  token_uri: string
}>

/** `metadata`: the machine's own account, as on Cloud Run and Compute Engine. */
export type GoogleCredentials =
  | Readonly<{ type: 'service_account'; account: ServiceAccount }>
  | Readonly<{ type: 'metadata'; baseUrl?: string }>

export type GoogleToken = Readonly<{
  /** @throws CareFailure */
  get(): Promise<string>
  /** It was not accepted: the next is a new one. */
  forget(): void
}>

const Answer = Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Number({ minimum: 0 }) })

/** An access token, kept as long as it is valid; those who ask for it at once wait for the same one. */
export function createGoogleToken(credentials: GoogleCredentials, now: () => number = Date.now): GoogleToken {
  let kept: { token: Promise<string>; until: number } | undefined
  // Nobody's signal: the token is for all who wait for it.
  const signal = new AbortController().signal
  const request = () =>
    credentials.type === 'metadata'
      ? ask({
          url: new URL(TOKEN_PATH, credentials.baseUrl ?? 'http://metadata.google.internal').href,
          method: 'GET',
          headers: { 'metadata-flavor': 'Google' },
          timeoutMs: TIMEOUT_MS,
          signal,
        })
      : ask({
          url: credentials.account.token_uri,
          body: new URLSearchParams({
            grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
            assertion: assertionOf(credentials.account, Math.floor(now() / 1_000)),
          }),
          timeoutMs: TIMEOUT_MS,
          signal,
        })

  function fetchToken(): Promise<string> {
    const entry = { token: Promise.resolve(''), until: Infinity }
    entry.token = (async () => {
      try {
        const { access_token, expires_in } = checked(Answer, await request(), 'the token')
        entry.until = now() + (expires_in - SPARE_S) * 1_000
        return access_token
      } catch (error) {
        if (kept === entry) kept = undefined
        throw error
      }
    })()
    kept = entry
    return entry.token
  }
  return {
    get: () => (kept && now() < kept.until ? kept.token : fetchToken()),
    forget: () => void (kept = undefined),
  }
}

/** JWT, RFC 7519 and 7523, signed with RS256. */
function assertionOf(account: ServiceAccount, issuedAtS: number): string {
  const { client_email: iss, private_key_id: kid, token_uri: aud } = account
  const head = { alg: 'RS256', typ: 'JWT', kid }
  const claims = { iss, scope: SCOPE, aud, iat: issuedAtS, exp: issuedAtS + LIFE_S }
  const signed = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  try {
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), account.private_key).toString('base64url')}`
  } catch {
    throw new CareFailure('unavailable', 'the private key of the service account cannot be used')
  }
}

/** Asks with a token. One that is refused is forgotten, and a new one tried once. */
export async function withToken<T>(
  token: GoogleToken,
  signal: AbortSignal,
  work: (authorization: string) => Promise<T>,
): Promise<T> {
  const attempt = async () => work(`Bearer ${await unlessAborted(signal, token.get())}`)
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error
    token.forget()
    return attempt()
  }
}

/** Where a Google service of a location is. */
export const googleUrl = (service: 'speech' | 'aiplatform', location: string): string =>
  `https://${location === 'global' ? '' : `${location}-`}${service}.googleapis.com`
