import { createHash } from 'node:crypto'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { notificationErrors } from '../../contract/errors.ts'
import type { PushAnswer, PushSender, Subscription } from '../../ports.ts'
import type { VapidKeys } from '../sql/vapid-keys.ts'

/** A push service that says nothing for so long is tried again later. */
const TIMEOUT_MS = 10_000
const MAX_RETRY_AFTER_MS = 24 * 3_600_000
const MAX_ENDPOINT = 2_000

export const newVapidKeys = async (): Promise<VapidKeys> => (await import('web-push')).default.generateVAPIDKeys()

export type PushOptions = Readonly<{
  keys: VapidKeys
  /** Who operates this server: an https or mailto address, told to push services (RFC 8292). */
  subject: string
  /** Endpoints may be plain http and in private networks: for a push service of one's own. */
  allowPrivate: boolean
}>

/**
 * Encrypted messages (RFC 8291) with the server's name (VAPID, RFC 8292) to the push services of browsers (RFC 8030), by `web-push`.
 * An endpoint is an address that a stranger chose: only public addresses are connected to, whatever a name resolves to at that moment.
 */
export function createPushSender({ keys, subject, allowPrivate }: PushOptions): PushSender {
  return {
    publicKey: keys.publicKey,
    check(subscription) {
      checkEndpoint(subscription.endpoint, allowPrivate)
      checkKeys(subscription)
    },
    async send(subscription, payload, { ttlS, urgency, topic }) {
      try {
        const { default: webPush } = await import('web-push')
        const { endpoint, p256dh, auth } = subscription
        const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
          vapidDetails: { subject, ...keys },
          TTL: ttlS,
          urgency,
          topic: createHash('sha256').update(topic).digest('base64url').slice(0, 32),
        })
        const { method, headers, body } = details
        const { useAgent } = await import('request-filtering-agent')
        const agent = useAgent(endpoint, { allowPrivateIPAddress: allowPrivate, allowMetaIPAddress: false })
        return await answerOf(endpoint, { method, headers, agent }, body)
      } catch (error) {
        return { outcome: 'later', reason: reasonOf(error), retryAfterMs: undefined }
      }
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
  if (point.length !== 65 || point[0] !== 4 || secret.length !== 16)
    throw notificationErrors.BAD_SUBSCRIPTION_KEYS({ field: 'keys' })
}

async function answerOf(endpoint: string, options: RequestOptions, body: unknown): Promise<PushAnswer> {
  const send = endpoint.startsWith('https:') ? httpsRequest : httpRequest
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = send(endpoint, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }, resolve)
  request.on('error', reject)
  request.end(body)
  const response = await promise
  // What it says beside its status is of no use, and can be long.
  response.destroy()
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return { outcome: 'accepted' }
  if (status === 404 || status === 410) return { outcome: 'gone' }
  const reason = `the push service answered ${status}`
  if (status === 408 || status === 429 || status >= 500)
    return { outcome: 'later', reason, retryAfterMs: retryAfter(response.headers['retry-after']) }
  return { outcome: 'refused', reason }
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
