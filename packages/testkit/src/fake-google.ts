import { generateKeyPairSync, verify } from 'node:crypto'
import { startFakeUpstream, type FakeUpstream, type Received, type Reply } from './fake-upstream.ts'
import type { Cleanup } from './resources.ts'

export type FakeGoogle = FakeUpstream &
  Readonly<{
    /** The key file of an account that it knows. */
    account: Readonly<{ client_email: string; private_key_id: string; private_key: string; token_uri: string }>
    /** How many tokens it gave. */
    tokens(): number
    /** No token that was given so far is accepted any more. */
    revoke(): void
  }>

const EMAIL = 'care@project.iam.gserviceaccount.com'
const KEY_ID = 'key-1'
const METADATA = '/computeMetadata/v1/instance/service-accounts/default/token'

/**
 * Google's token endpoint (which verifies the JWT: its signature, audience and times), metadata server, Speech-to-Text v2 `recognize` and Vertex `generateContent`, with the
 * shapes of their errors. What it cannot show: which models a location has, quotas, how long anything takes, what the safety filters block, and whether the service still is as
 * its documents said in 2026.
 */
export async function startFakeGoogle(
  t: Cleanup,
  options: Readonly<{ transcript?: string; others?: readonly string[]; content?: unknown }> = {},
): Promise<FakeGoogle> {
  const { transcript = '안녕하세요', others = [], content = {} } = options
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  let given = 0
  let oldest = 1
  const isKnown = ({ headers }: Received) =>
    Number(/^Bearer token-(\d+)$/.exec(headers.authorization ?? '')?.[1] ?? 0) >= oldest
  const give = (): Reply => ({ body: { access_token: `token-${++given}`, expires_in: 3_599, token_type: 'Bearer' } })

  function token({ body }: Received): Reply {
    const refused = { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } }
    const [head = '', claims = '', signature = ''] = (
      new URLSearchParams(body.toString()).get('assertion') ?? ''
    ).split('.')
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url')))
      return refused
    const { alg, kid } = decoded(head)
    const { iss, aud, iat, exp, scope } = decoded(claims)
    const now = Date.now() / 1_000
    const isTimely = Number(iat) <= now + 60 && Number(exp) > now && Number(exp) - Number(iat) <= 3_600
    const isOurs = alg === 'RS256' && kid === KEY_ID && iss === EMAIL && aud === `${upstream.url}/token`
    return isOurs && isTimely && String(scope).includes('cloud-platform') ? give() : refused
  }

  function recognize({ body }: Received): Reply {
    const { config, content: audio } = JSON.parse(body.toString()) as {
      config?: Record<string, unknown>
      content?: string
    }
    const file = Buffer.from(audio ?? '', 'base64')
    // One minute and 10 MB, as the synchronous method has it; our files are 16 kHz of 16 bits.
    if (!config?.['model'] || file.length === 0 || file.length > 60 * 32_000 + 44) return failure(400)
    const alternatives = [{ transcript, confidence: 0.92 }, ...others.map((other) => ({ transcript: other }))]
    return { body: { results: [{ alternatives, languageCode: 'ko-KR' }], metadata: { totalBilledDuration: '2s' } } }
  }

  const upstream: FakeUpstream = await startFakeUpstream(t, {
    answer(request) {
      const { path, method, headers } = request
      if (path === '/token' && method === 'POST') return token(request)
      if (path === METADATA) return headers['metadata-flavor'] === 'Google' ? give() : failure(403)
      if (!isKnown(request)) return failure(401)
      if (/^\/v2\/projects\/[^/]+\/locations\/[^/]+\/recognizers\/_:recognize$/.test(path)) return recognize(request)
      if (!/^\/v1\/projects\/.+\/publishers\/google\/models\/[^/]+:generateContent$/.test(path)) return failure(404)
      const parts = [{ text: 'I think of it.', thought: true }, { text: JSON.stringify(content) }]
      return { body: { candidates: [{ finishReason: 'STOP', content: { role: 'model', parts } }], usageMetadata: {} } }
    },
    refuse: () => ({ body: { candidates: [{ finishReason: 'SAFETY', safetyRatings: [] }], usageMetadata: {} } }),
    errorBody: (status) => failure(status).body,
    isAside: ({ path }) => path === '/token' || path === METADATA,
  })
  return {
    ...upstream,
    account: {
      client_email: EMAIL,
      private_key_id: KEY_ID,
      private_key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      token_uri: `${upstream.url}/token`,
    },
    tokens: () => given,
    revoke: () => void (oldest = given + 1),
  }
}

const STATUS: Readonly<Record<number, string>> = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 503: 'UNAVAILABLE' } // prettier-ignore

const failure = (code: number): Reply => ({
  status: code,
  body: { error: { code, message: `the fake answers ${code}`, status: STATUS[code] ?? 'INTERNAL' } },
})

const decoded = (part: string) =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Readonly<Record<string, unknown>>
