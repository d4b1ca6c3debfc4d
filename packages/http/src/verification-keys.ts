import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { createVerifier } from 'fast-jwt'

export type JwkSet = { keys: (JsonWebKey & { kid?: string })[] }

/** Claims of a token that this key has signed. Throws TokenError. */
export type Verify = (token: string) => unknown

/** An unknown key is asked for again at most so often, ms: a new one is published for longer than this before it signs. */
const UNKNOWN_AGAIN_MS = 30_000
/** Keys are looked at again after so long, ms, so that one that was withdrawn is not accepted for ever. */
const REFRESH_MS = 5 * 60_000

/**
 * The public keys of access tokens, by their ids. While they cannot be asked for, the last ones stay good; nobody waits for a refresh.
 * @param options.jwks asked by one call at a time
 * @param options.onChange the keys are others than before
 */
export function createVerificationKeys(options: {
  jwks: () => Promise<JwkSet>
  rules: Readonly<{ allowedIss: string; allowedAud: string; requiredClaims: string[]; clockTimestamp?: number }>
  onChange: () => void
  now: () => number
}) {
  const { jwks, rules, onChange, now } = options
  let known: ReadonlyMap<string, Verify> | undefined
  let text = ''
  let fetchedAt = 0
  let askedAt = 0
  let loading: Promise<void> | undefined

  const load = () =>
    (loading ??= (async () => {
      askedAt = now()
      const { keys } = await jwks()
      fetchedAt = now()
      const fetched = JSON.stringify(keys)
      if (fetched === text) return
      known = new Map(keys.filter(isOurs).map((jwk) => [jwk.kid ?? '', verifierOf(jwk)]))
      text = fetched
      onChange()
    })().finally(() => (loading = undefined)))

  const verifierOf = (jwk: JsonWebKey): Verify => {
    const key = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
    return createVerifier({ ...rules, key, algorithms: ['EdDSA'] }) as Verify
  }

  return {
    /** @throws what `jwks` throws, when it is not known whether there is such a key */
    async find(kid: string): Promise<Verify | undefined> {
      if (!known) await load()
      const found = known?.get(kid)
      if (found) {
        if (now() - askedAt > REFRESH_MS) load().catch(() => {})
        return found
      }
      if (now() - fetchedAt <= UNKNOWN_AGAIN_MS) return undefined
      await load()
      return known?.get(kid)
    },
  }
}

const isOurs = (jwk: JsonWebKey): boolean => jwk.kty === 'OKP' && jwk.crv === 'Ed25519'
