import { operation, PageOf, PageQuery, principalOf, readCursor, type App } from '@bigtech/http'
import { isoTime, toPage, type Clock } from '@bigtech/kernel'
import { Type } from 'typebox'
import { readerOf } from '../../access/reader.http.ts'
import { accessAsGuardian, mayBeTold, mayLookAt, stillBeside, type AccessPorts } from '../../access/senior.ts'
import { aiErrors } from '../../contract/errors.ts'
import { AlertRulesSchema, AlertSchema, AlertsReadSchema, Id, UnreadAlertsSchema } from '../../contract/link-schemas.ts'
import type { AlertRow, AlertStore } from '../../link-ports.ts'
import type { ConsentStore } from '../../ports.ts'

const Senior = Type.Object({ senior_id: Id })

/** What a guardian wants to be told of, and what they were told. */
export function alertsHttp(
  app: App,
  ports: AccessPorts & Readonly<{ consents: Pick<ConsentStore, 'openOf'>; alerts: AlertStore; clock: Clock }>,
): void {
  const { consents, alerts, clock } = ports
  app.get(
    '/care/:senior_id/alert-rules',
    operation({
      id: 'getAlertRules',
      tag: 'care',
      summary: 'Of what you are told about somebody you look after',
      params: Senior,
      response: { 200: AlertRulesSchema },
      errors: [aiErrors.SENIOR_NOT_FOUND],
    }),
    async (request) => {
      const pair = { senior_id: request.params.senior_id, guardian_id: principalOf(request).user_id }
      await accessAsGuardian(ports, readerOf(request), pair.senior_id)
      const rules = await alerts.rules(pair)
      if (!rules) throw aiErrors.SENIOR_NOT_FOUND()
      return rules
    },
  )
  app.put(
    '/care/:senior_id/alert-rules',
    operation({
      id: 'setAlertRules',
      tag: 'care',
      summary: 'Say of what you want to be told',
      description: 'A crisis is none of it: whether you are told of one is for them to agree to.',
      params: Senior,
      body: AlertRulesSchema,
      response: { 200: AlertRulesSchema },
      errors: [aiErrors.SENIOR_NOT_FOUND],
    }),
    async (request) => {
      const pair = { senior_id: request.params.senior_id, guardian_id: principalOf(request).user_id }
      await accessAsGuardian(ports, readerOf(request), pair.senior_id)
      const isSet = await alerts.setRules({ ...pair, rules: request.body, now: clock.now() })
      if (!isSet) throw aiErrors.SENIOR_NOT_FOUND()
      return request.body
    },
  )
  app.get(
    '/care/alerts',
    operation({
      id: 'listCareAlerts',
      tag: 'care',
      summary: 'What you were told about those you look after, or one of them, the newest first',
      querystring: Type.Object({ ...PageQuery.properties, senior_id: Type.Optional(Id) }),
      response: { 200: PageOf(AlertSchema) },
    }),
    async (request) => {
      const { user_id: guardian_id } = principalOf(request)
      const { cursor, limit, senior_id } = request.query
      const [before] = readCursor(cursor, ['number']) ?? []
      const rows = await alerts.list({ guardian_id, senior_id, before, limit: limit + 1 })
      const page = toPage(rows, limit, ({ id }) => [id])
      const seniors = [...new Set(page.items.map(({ senior_id }) => senior_id))]
      const open = await consents.openOf(seniors)
      const beside = await stillBeside(ports, readerOf(request), seniors)
      // To words that have changed they have not agreed yet.
      const isShared = ({ senior_id, kind }: AlertRow) =>
        beside.has(senior_id) && (kind === 'crisis' ? mayBeTold : mayLookAt)(open.get(senior_id)!, guardian_id)
      return { ...page, items: page.items.filter(isShared).map(viewAlert) }
    },
  )
  app.post(
    '/care/alerts/read',
    operation({
      id: 'readCareAlerts',
      tag: 'care',
      summary: 'Mark alerts as read: some by their ids (those of others are passed over), or all',
      body: AlertsReadSchema,
      response: { 200: UnreadAlertsSchema },
    }),
    async (request) => {
      const { user_id: guardian_id } = principalOf(request)
      await alerts.read({ guardian_id, which: 'ids' in request.body ? request.body.ids : 'all', now: clock.now() })
      const unread = await alerts.unread(guardian_id)
      return { unread_count: [...unread.values()].reduce((sum, n) => sum + n, 0) }
    },
  )
}

export const viewAlert = ({ id, senior_id, kind, raised_at, read_at }: AlertRow) => ({
  id,
  senior_id,
  kind,
  raised_at: isoTime(raised_at),
  read_at: read_at === null ? null : isoTime(read_at),
})
