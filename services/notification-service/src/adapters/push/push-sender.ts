import { createECDH, createHash } from 'node:crypto'
import { request as httpRequest, type Agent, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { notificationErrors } from '../../contract/errors.ts'
import type { PushAnswer, PushSender, Subscription } from '../../ports.ts'
import type { VapidKeys } from '../sql/vapid-keys.ts'

const TIMEOUT_MS = 10_000
/** Of half a day that they are good for. */
const NAME_LIFE_MS = 3_600_000
const MOST_NAMES = 1_000
/** Of what a push service says beside its status so much is passed over, so that its connection can be used again; bytes. */
const MAX_BODY = 16_384
const MAX_RETRY_AFTER_MS = 24 * 3_600_000
const MAX_ENDPOINT = 2_000

export const newVapidKeys = async (): Promise<VapidKeys> => (await import('web-push')).default.generateVAPIDKeys()

export type PushOptions = Readonly<{
  keys: VapidKeys
  /** Who operates this server: an https or mailto address, told to push services (RFC 8292). */
  subject: string
  /** Endpoints may be plain http and in private networks: for a push service of one's own. */
  allowPrivate: boolean
  /** A push service that says nothing for so long is tried again later. Default: 10 s. */
  timeoutMs?: number
}>

/**
 * Encrypted messages (RFC 8291) with the server's name (VAPID, RFC 8292) to the push services of browsers (RFC 8030), by `web-push`.
 * An endpoint is an address that a stranger chose: only public addresses are connected to, whatever a name resolves to at that moment.
 */
export function createPushSender({ keys, subject, allowPrivate, timeoutMs = TIMEOUT_MS }: PushOptions): PushSender {
  const names = createNames(subject, keys)
  /** Connections are kept for the next message to the same service. */
  const agents = new Map<string, Agent>()
  const agentFor = async (protocol: string): Promise<Agent> => {
    const { useAgent } = await import('request-filtering-agent')
    const options = {
      keepAlive: true,
      timeout: timeoutMs,
      allowPrivateIPAddress: allowPrivate,
      allowMetaIPAddress: false,
    }
    const agent = agents.get(protocol) ?? useAgent(`${protocol}//`, options)
    agents.set(protocol, agent)
    return agent
  }
  return {
    publicKey: keys.publicKey,
    check(subscription) {
      checkEndpoint(subscription.endpoint, allowPrivate)
      checkKeys(subscription)
    },
    async send(subscription, payload, { ttlS, urgency, topic }) {
      const { default: webPush } = await import('web-push')
      const { endpoint, p256dh, auth } = subscription
      const { origin, protocol } = new URL(endpoint)
      const Authorization = await names.at(origin)
      const written = () =>
        webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
          // Null: none is made. The type leaves it out.
          vapidDetails: null as never,
          headers: { Authorization },
          TTL: ttlS,
          urgency,
          topic: createHash('sha256').update(topic).digest('base64url').slice(0, 32),
        })
      let details: ReturnType<typeof written>
      try {
        details = written()
      } catch (error) {
        // Nobody was asked: it is the subscription that is no good, not its push service.
        return { outcome: 'refused', reason: reasonOf(error) }
      }
      try {
        const agent = await agentFor(protocol)
        const { method, headers, body } = details
        return await answerOf(endpoint, { method, headers, agent, signal: AbortSignal.timeout(timeoutMs) }, body)
      } catch (error) {
        return { outcome: 'later', reason: reasonOf(error), retryAfterMs: undefined }
      }
    },
  }
}

/** The server's name at push services (VAPID): signed for each once an hour, not for each message. */
function createNames(subject: string, { publicKey, privateKey }: VapidKeys) {
  const known = new Map<string, { name: string; until: number }>()
  return {
    async at(origin: string): Promise<string> {
      const of = known.get(origin)
      if (of && of.until > Date.now()) return of.name
      const { default: webPush } = await import('web-push')
      const name = webPush.getVapidHeaders(origin, subject, publicKey, privateKey, 'aes128gcm').Authorization
      if (known.size >= MOST_NAMES) known.clear()
      known.set(origin, { name, until: Date.now() + NAME_LIFE_MS })
      return name
    },
  }
}

function checkEndpoint(endpoint: string, allowPrivate: boolean): void {
  const refused = () => notificationErrors.ENDPOINT_NOT_ALLOWED({ field: 'endpoint' })
  const url = URL.parse(endpoint)
  if (!url || endpoint.length > MAX_ENDPOINT || url.username || url.password) throw refused()
  if (allowPrivate && (url.protocol === 'http:' || url.protocol === 'https:')) return
  // No push service is known by a number; a name without a dot is one of this network.
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '')
  if (
    url.protocol !== 'https:' ||
    isIP(host) !== 0 ||
    !host.includes('.') ||
    /\.(local|internal|localhost)$/.test(host)
  )
    throw refused()
}

/** An uncompressed point of P-256 and a secret of 16 bytes. */
function checkKeys({ p256dh, auth }: Pick<Subscription, 'p256dh' | 'auth'>): void {
  const [point, secret] = [Buffer.from(p256dh, 'base64url'), Buffer.from(auth, 'base64url')]
  if (point.length !== 65 || point[0] !== 4 || secret.length !== 16 || !isOnCurve(point))
    throw notificationErrors.BAD_SUBSCRIPTION_KEYS({ field: 'keys' })
}

function isOnCurve(point: Buffer): boolean {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  try {
    curve.computeSecret(point)
    return true
  } catch {
    return false
  }
}

async function answerOf(endpoint: string, options: RequestOptions, body: unknown): Promise<PushAnswer> {
  const send = endpoint.startsWith('https:') ? httpsRequest : httpRequest
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = send(endpoint, options, resolve)
  request.on('error', reject)
  // As after 101, which is no error to Node.
  request.on('close', () => reject(new Error('the connection was closed without an answer')))
  request.end(body)
  const response = await promise
  await passOver(response)
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return { outcome: 'accepted' }
  if (status === 404 || status === 410) return { outcome: 'gone' }
  const reason = `the push service answered ${status}`
  // A redirect or a number that there is not comes from what stands between.
  if (status === 408 || status === 429 || status < 400 || status >= 500)
    return { outcome: 'later', reason, retryAfterMs: retryAfter(response.headers['retry-after']) }
  return { outcome: 'refused', reason }
}

/** What is longer, or does not come, costs the connection. */
async function passOver(response: IncomingMessage): Promise<void> {
  let size = 0
  try {
    for await (const chunk of response) if ((size += (chunk as Buffer).length) > MAX_BODY) break
  } catch {
    // The status is known.
  }
}

/** RFC 9110: seconds, or a date. */
function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : undefined
}

const reasonOf = (error: unknown): string => {
  const { code, name, message } = error as NodeJS.ErrnoException
  return `${code ?? name}: ${message}`
}
