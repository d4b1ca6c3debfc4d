import { systemClock, type Clock } from '@bigtech/kernel'
import { createSigner } from 'fast-jwt'
import type { AccessTokens, SigningKeys } from '../../ports.ts'

/** EdDSA tokens with claims sub, sid, role, iss, aud, iat, exp and header kid. */
export function createAccessTokens(
  keys: SigningKeys,
  options: { issuer: string; audience: string; lifeS?: number; clock?: Clock },
): AccessTokens {
  const { issuer, audience, lifeS = 900, clock = systemClock } = options
  let signer: { kid: string; sign: (claims: object) => string } | undefined
  return {
    issue({ user_id, session_id, role }) {
      const { kid, privateKeyPem } = keys.current()
      if (signer?.kid !== kid) signer = { kid, sign: createSigner({ algorithm: 'EdDSA', key: privateKeyPem, kid }) }
      const iat = Math.floor(clock.now() / 1000)
      const token = signer.sign({
        iss: issuer,
        aud: audience,
        sub: String(user_id),
        sid: session_id,
        role,
        iat,
        exp: iat + lifeS,
      })
      return { token, expiresInS: lifeS }
    },
    jwks: () => keys.jwks(),
  }
}
