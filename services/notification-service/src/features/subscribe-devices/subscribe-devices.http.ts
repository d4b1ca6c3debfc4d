import { Empty, languageOf, operation, principalOf, type App } from '@bigtech/http'
import { isoTime, type Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { notificationErrors } from '../../contract/errors.ts'
import { SubscriptionSchema } from '../../contract/schemas.ts'
import { encode, type Payload } from '../../domain/payload.ts'
import type { NoteStore, PushSender, PushStore, Subscription, SubscriptionStore } from '../../ports.ts'

/** Of one person; then the oldest goes. */
const MOST = 20
const TEST_LIFE_MS = 60_000

const Endpoint = Type.String({ minLength: 1, maxLength: 2_000, examples: ['https://push.example.com/send/abc'] })

const viewSubscription = ({ id, device, endpoint, created_at }: Subscription) => ({
  id,
  device,
  endpoint,
  created_at: isoTime(created_at),
})

const TEST_WORDS = {
  ko: { title: 'BigTech Chat', body: '알림이 이렇게 도착해요' },
  en: { title: 'BigTech Chat', body: 'This is how notifications arrive' },
}

export function subscribeDevicesHttp(
  app: App,
  ports: {
    subscriptions: SubscriptionStore
    pushes: PushStore
    notes: NoteStore
    sender: PushSender
    clock: Clock
    wake(this: void): void
  },
): void {
  const { subscriptions, pushes, notes, sender, clock, wake } = ports

  app.get(
    '/notifications/vapid-key',
    operation({
      id: 'getVapidKey',
      tag: 'devices',
      summary: 'The key with which a browser subscribes (`applicationServerKey`)',
      response: { 200: Type.Object({ public_key: Type.String() }) },
    }),
    async () => ({ public_key: sender.publicKey }),
  )

  app.get(
    '/notifications/subscriptions',
    operation({
      id: 'listSubscriptions',
      tag: 'devices',
      summary: 'Your devices that are told, the first one first; 20 at most',
      response: { 200: Type.Object({ items: Type.Array(SubscriptionSchema) }) },
    }),
    async (request) => ({ items: (await subscriptions.list(principalOf(request).user_id)).map(viewSubscription) }),
  )

  app.put(
    '/notifications/subscriptions',
    operation({
      id: 'putSubscription',
      tag: 'devices',
      summary: 'Tell this device from now on: what `PushManager.subscribe()` gave the browser',
      description:
        'Texts come in the language of `Accept-Language`. An endpoint that was somebody else’s is yours from now on: one browser tells one person. It ends with the session.',
      body: Type.Object({
        endpoint: Endpoint,
        keys: Type.Object({
          p256dh: Type.String({ maxLength: 100 }),
          auth: Type.String({ maxLength: 40 }),
        }),
        device: Type.Optional(Type.String({ maxLength: 100, examples: ['Chrome, Android'] })),
      }),
      response: { 200: SubscriptionSchema },
      errors: [notificationErrors.ENDPOINT_NOT_ALLOWED, notificationErrors.BAD_SUBSCRIPTION_KEYS],
    }),
    async (request) => {
      const { user_id, session_id } = principalOf(request)
      const { endpoint, keys, device = '' } = request.body
      const fresh = { user_id, endpoint, ...keys, device, session_id, created_at: clock.now() }
      sender.check(fresh)
      const language = languageOf(request.headers['accept-language'])
      return viewSubscription(await subscriptions.put({ ...fresh, language }, MOST))
    },
  )

  app.delete(
    '/notifications/subscriptions',
    operation({
      id: 'deleteSubscription',
      tag: 'devices',
      summary: 'Tell a device no more',
      querystring: Type.Object({ endpoint: Endpoint }),
      response: { 204: Empty },
    }),
    async (request, reply) => {
      const { user_id } = principalOf(request)
      await subscriptions.remove({ user_id, endpoint: request.query.endpoint })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/notifications/test',
    operation({
      id: 'testNotifications',
      tag: 'devices',
      summary: 'Tell all your devices something, to see that it arrives',
      response: { 202: Type.Object({ devices: Type.Integer({ minimum: 0 }) }) },
    }),
    async (request, reply) => {
      const { user_id } = principalOf(request)
      const at = clock.now()
      const words = TEST_WORDS[languageOf(request.headers['accept-language'])]
      const unread = await notes.unread(user_id, at)
      const payload: Payload = { tag: 'test', kind: 'test', ...words, link: '/settings', silent: false, unread, at }
      const push = { tag: 'test', payload: encode(payload), at, expiresAt: at + TEST_LIFE_MS }
      const devices = await pushes.toUser(user_id, push)
      wake()
      return reply.code(202).send({ devices })
    },
  )
}
