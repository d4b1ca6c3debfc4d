import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import type { AccessTokens } from '../../ports.ts'

const Jwk = Type.Object({
  kid: Type.String({ examples: ['0198c2aa'] }),
  kty: Type.String({ examples: ['OKP'] }),
  crv: Type.String({ examples: ['Ed25519'] }),
  x: Type.String({ examples: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'] }),
  use: Type.String({ examples: ['sig'] }),
  alg: Type.String({ examples: ['EdDSA'] }),
})

export function getJwksHttp(app: App, { tokens }: { tokens: Pick<AccessTokens, 'jwks'> }): void {
  app.get(
    '/.well-known/jwks.json',
    operation({
      id: 'jwks',
      tag: 'auth',
      access: 'public',
      summary: 'Public keys of the access tokens (RFC 7517)',
      response: { 200: Type.Object({ keys: Type.Array(Jwk) }) },
    }),
    async (_request, reply) => {
      const keys = tokens.jwks().keys.map((key) => ({
        kid: key.kid,
        kty: String(key['kty']),
        crv: String(key['crv']),
        x: String(key['x']),
        use: 'sig',
        alg: 'EdDSA',
      }))
      return reply.header('cache-control', 'public, max-age=60').send({ keys })
    },
  )
}
