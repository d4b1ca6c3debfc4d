import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { call, fill, sample, type Operation, type Schema } from '../support/index.ts'
import {
  FATAL,
  assertNoFault,
  assertRefused,
  itIsAllAsItWas,
  operations,
  queryFor,
  tokenFor,
  urlOf,
  valuesFor,
} from '../support/hostile-world.ts'

/** Ids are whole numbers up to 2^53 - 1: there is nobody with these, which is no fault of the request. */
const POSSIBLE = ['2147483648', '1000000000000000', String(Number.MAX_SAFE_INTEGER)]
/** These are no ids. */
const IMPOSSIBLE = ['9007199254740992', '9223372036854775807', '9223372036854775808', '18446744073709551616', '1e300']

/** In a path or query a number has one spelling, and these are others. */
const MISSPELT = ['+1', '-1', '01', '1e0', '1.0', '0x1', ' 1', '1 ', '١']

const isNumber = (schema: Schema | undefined): boolean =>
  schema?.type === 'integer' || (schema?.anyOf ?? []).some(isNumber)
/** `ids` of the operators are of messages in an outbox, `offsets` and places those of a log: whole numbers all the same. */
const ofNumbers = (schema: Schema | undefined): boolean =>
  (schema?.type === 'array' && isNumber(schema.items)) || (schema?.anyOf ?? []).some(ofNumbers)

type Case = { what: string; allowed: readonly number[] | undefined; run: () => ReturnType<typeof call> }

function* casesOf(operation: Operation): Generator<Case> {
  const { id, method, body } = operation
  const token = tokenFor(operation)
  const sent = body && sample(body)
  const send =
    (url: string, content: unknown = sent) =>
    () =>
      call(method, url, { token, body: content })
  const each = [
    ...POSSIBLE.map((value) => ({ value, allowed: undefined })),
    ...IMPOSSIBLE.map((value) => ({ value, allowed: [404, 422] })),
  ]
  const inUrls = [...each, ...MISSPELT.map((value) => ({ value, allowed: [404, 422] }))]
  for (const { value, allowed } of inUrls) {
    for (const { name, in: where, schema } of operation.parameters) {
      const what = `${id}: ${name} = ${value} (${where})`
      if (where === 'path' && (isNumber(schema) || name === 'message_id')) {
        const text = name === 'message_id' ? `msg_${value}_${value}` : value
        yield {
          what,
          allowed,
          run: send(urlOf(operation, fill(operation.path, { ...valuesFor(operation), [name]: text }))),
        }
      }
      if (where !== 'query' || name === 'cursor' || !(isNumber(schema) || name === 'user_ids')) continue
      const query = new URLSearchParams(queryFor(operation))
      query.set(name, value)
      yield { what, allowed, run: send(urlOf(operation, undefined, query.toString())) }
    }
  }
  for (const { value, allowed } of each) {
    for (const [name, schema] of Object.entries(body?.properties ?? {})) {
      if (!isNumber(schema) && !ofNumbers(schema)) continue
      // As text, so that the number arrives with all its digits.
      const text = JSON.stringify({ ...(sent as object), [name]: '\u0001' })
      const json = text.replace('"\\u0001"', ofNumbers(schema) ? `[${value}]` : value)
      yield {
        what: `${id}: ${name} = ${value} (body)`,
        allowed,
        run: () =>
          call(method, urlOf(operation), { token, body: json, headers: { 'content-type': 'application/json' } }),
      }
    }
  }
}

describe('numbers up to 2^53 - 1, and beyond', () => {
  for (const operation of operations) {
    if (FATAL.has(operation.id)) continue
    const cases = [...casesOf(operation)]
    if (cases.length === 0) continue
    it(operation.id, async () => {
      for (const { what, allowed, run } of cases) {
        const answer = await run()
        if (allowed) assertRefused(answer, what, allowed)
        else assertNoFault(answer, what)
      }
    })
  }

  it('begin at 1 as ids in a list', async () => {
    for (const operation of operations.filter(({ id }) => id === 'getPresence' || id === 'listUsers'))
      for (const ids of ['0', '1,0', '00', '1,,2'])
        assertRefused(
          await call('GET', urlOf(operation, undefined, `user_ids=${ids}`), { token: tokenFor(operation) }),
          `${operation.id}: ${ids}`,
          [422],
        )
  })

  it('the table is not empty', () => {
    const touched = operations.filter((operation) => [...casesOf(operation)].length > 0)
    assert.ok(touched.length > 30, String(touched.length))
  })
})

itIsAllAsItWas()
