import { operation, type App } from '@bigtech/http'
import type { Clock } from '@bigtech/kernel'
import { dependencyErrors } from '@bigtech/resilience'
import { Type } from 'typebox'
import { friendErrors } from '../../contract/errors.ts'
import { Id } from '../../contract/schemas.ts'
import { callerOf } from '../../access/caller.http.ts'
import { accessPerson } from '../../access/people.ts'
import type { MessageDirectory, PeopleStore, ReportStore, UserDirectory } from '../../ports.ts'

const PER_DAY = 30
const DAY_MS = 24 * 3_600_000

const Body = Type.Object({
  user_id: Id,
  reason: Type.Enum(['spam', 'abuse', 'sexual', 'illegal', 'other']),
  note: Type.String({ maxLength: 1_000, default: '', description: 'In the reporter’s own words', examples: [''] }),
  message_ids: Type.Array(Type.String({ pattern: '^msg_[1-9]\\d{0,14}_[1-9]\\d{0,14}$', examples: ['msg_1_42'] }), {
    maxItems: 20,
    default: [],
    description: 'Which messages it is about; you must be able to read them. Their texts are not kept with the report.',
    examples: [[]],
  }),
})

export type ReportPorts = {
  reports: ReportStore
  people: PeopleStore
  directory: UserDirectory
  messages: MessageDirectory
  clock: Clock
}

export function reportUserHttp(app: App, ports: ReportPorts): void {
  app.post(
    '/reports',
    operation({
      id: 'reportUser',
      tag: 'reports',
      summary: 'Tell the operator about somebody; they are not told',
      body: Body,
      response: { 201: Type.Object({ id: Type.Integer({ examples: [1] }) }) },
      errors: [
        friendErrors.SELF_REPORT,
        friendErrors.TOO_MANY_REPORTS,
        friendErrors.USER_NOT_FOUND,
        friendErrors.REPORTED_MESSAGE_NOT_FOUND,
        dependencyErrors.DEPENDENCY_UNAVAILABLE,
      ],
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      // By name: a body may hold more, and none of that is a report's.
      const { user_id, reason, note, message_ids } = request.body
      if (user_id === caller.user_id) throw friendErrors.SELF_REPORT()
      await accessPerson(ports, caller, user_id)
      const { authorization } = caller
      if (!(await ports.messages.areReadable(message_ids, authorization)))
        throw friendErrors.REPORTED_MESSAGE_NOT_FOUND()
      const created_at = ports.clock.now()
      const report = { user_id, reason, note, message_ids, reporter_id: caller.user_id, created_at }
      const id = await ports.reports.add({ ...report, limit: PER_DAY, since: created_at - DAY_MS })
      if (id === undefined) throw friendErrors.TOO_MANY_REPORTS({ params: { limit: PER_DAY } })
      return reply.code(201).send({ id })
    },
  )
}
