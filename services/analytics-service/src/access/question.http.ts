import { operation, type App } from '@bigtech/http'
import { isoTime, type Clock } from '@bigtech/kernel'
import { Type, type Static, type TObject, type TSchema } from 'typebox'
import { analyticsErrors } from '../contract/errors.ts'
import { IntervalSchema } from '../contract/schemas.ts'
import type { Interval } from '@bigtech/kernel/periods'
import { LONGEST_DAYS, MOST_PERIODS, scopeOf, type Scope } from '../domain/scope.ts'
import type { ExportRow, FactStore } from '../ports.ts'
import { csvOf } from '../views/csv.ts'

export type QuestionPorts = Readonly<{ store: FactStore; clock: Clock; timeZone: string }>

const DateText = (description: string, example: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: [example] }))

const Query = Type.Object({
  from: DateText('first day; default: 30 days up to `to`', '2026-01-27'),
  to: DateText('last day; default and latest: today', '2026-02-25'),
  interval: Type.Optional(IntervalSchema),
  tz: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'IANA name of a time zone; default: that of the installation',
      examples: ['Asia/Seoul'],
    }),
  ),
  format: Type.Optional(
    Type.Enum(['json', 'csv', 'parquet'], { description: '`csv`, `parquet`: the items as a table to download' }),
  ),
})

const CSV = 'text/csv; charset=utf-8'
const PARQUET = 'application/vnd.apache.parquet'

/** One of the statistics: what is asked, its answer, and the table it is as a download. */
export function questionHttp<S extends TObject>(
  app: App,
  ports: QuestionPorts,
  definition: Readonly<{
    name: string
    id: string
    summary: string
    description?: string
    /** When none is asked for; default by the length of the range. */
    interval?: Interval
    /** Whatever is asked for: it is counted by no other. */
    only?: Interval
    schema: S
    answer(scope: Scope): Promise<Omit<Static<S>, 'from' | 'to' | 'interval' | 'tz'>>
    table(answer: Static<S>): ExportRow[]
  }>,
): void {
  const { name, id, summary, description, schema, answer, table, only } = definition
  app.get(
    `/analytics/${name}`,
    operation({
      id,
      tag: 'analytics',
      access: 'admin',
      summary,
      ...(description ? { description } : {}),
      querystring: Query,
      response: { 200: inAllFormats(schema) },
      errors: Object.values(scopeErrors),
    }),
    async (request, reply) => {
      const { format = 'json', ...query } = request.query
      const tz = query.tz ?? ports.timeZone
      const scope = scopeOf(
        { interval: definition.interval, ...query, ...(only ? { interval: only } : {}), tz },
        ports.clock.now(),
      )
      if (typeof scope === 'string')
        throw analyticsErrors[scope]({ params: { tz, days: LONGEST_DAYS, limit: MOST_PERIODS } })
      const { range, interval } = scope
      const asked = { from: isoTime(range.start), to: isoTime(range.end), interval, tz }
      const whole = { ...asked, ...(await answer(scope)) } as Static<S>
      if (format === 'json') return whole
      const rows = table(whole)
      const file = `${name}-${asked.from.slice(0, 10)}.${format}`
      void reply.header('content-disposition', `attachment; filename="${file}"`)
      if (format === 'csv') return reply.type(CSV).send(csvOf(rows))
      return reply.type(PARQUET).send(Buffer.from(await ports.store.parquetOf(rows)))
    },
  )
}

const { TIME_ZONE_UNKNOWN, RANGE_INVALID, RANGE_TOO_LONG, TOO_MANY_INTERVALS } = analyticsErrors
const scopeErrors = { TIME_ZONE_UNKNOWN, RANGE_INVALID, RANGE_TOO_LONG, TOO_MANY_INTERVALS }

const inAllFormats = (schema: TSchema) =>
  Type.Unsafe<unknown>({
    description: 'Default Response',
    content: {
      'application/json': { schema },
      'text/csv': { schema: { type: 'string' } },
      [PARQUET]: { schema: { type: 'string', format: 'binary' } },
    },
  })
