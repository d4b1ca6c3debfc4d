import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { openHost } from './host.fixture.ts'
import type { App } from './app.ts'
import { operation } from './operation.ts'
import type { Problem } from './problem.ts'

const Age = Type.Integer({
  minimum: 0,
  maximum: 150,
  'x-error': { ko: '나이는 0-150 사이여야 합니다', en: 'the age must be between 0 and 150' },
})

const routes = (app: App) => {
  const common = { tag: 't', access: 'public', response: { 200: Type.Any() } } as const
  app.post(
    '/people',
    operation({
      ...common,
      id: 'people',
      summary: 'x',
      body: Type.Object({
        name: Type.String({ minLength: 2, maxLength: 5 }),
        age: Type.Optional(Age),
        role: Type.Optional(Type.Enum(['user', 'admin'])),
        tags: Type.Optional(Type.Array(Type.String(), { maxItems: 2 })),
        place: Type.Optional(Type.Object({ city: Type.String() })),
      }),
    }),
    (request) => request.body,
  )
  app.get(
    '/people/:id',
    operation({
      ...common,
      id: 'person',
      summary: 'x',
      params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
      querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) }),
    }),
    (request) => ({ id: request.params.id, limit: request.query.limit }),
  )
}

const post = async (app: App, body: object, language = 'ko') => {
  const answer = await app.inject({
    method: 'POST',
    url: '/people',
    headers: { 'accept-language': language },
    payload: body,
  })
  return { status: answer.statusCode, problem: answer.json<Problem>() }
}

test('each wrong field has one entry, in the language asked for', async (t) => {
  const { app } = await openHost(t, routes)
  const wrong = { name: 'x', age: 151, role: 'king', tags: ['a', 'b', 'c'], place: { city: 7 } }
  const ko = await post(app, wrong)
  assert.equal(ko.status, 422)
  assert.equal(ko.problem.code, 'VALIDATION_FAILED')
  assert.deepEqual(ko.problem.errors, [
    { field: 'name', message: '2자 이상이어야 합니다' },
    { field: 'age', message: '나이는 0-150 사이여야 합니다' },
    { field: 'role', message: '허용되지 않는 값입니다' },
    { field: 'tags', message: '2개 이하여야 합니다' },
    { field: 'place.city', message: 'string 형식이어야 합니다' },
  ])
  assert.match(ko.problem.detail, /^name: 2자 이상이어야 합니다, age: 나이는 0-150/)
  const en = await post(app, wrong, 'en')
  assert.deepEqual(
    en.problem.errors?.map(({ message }) => message),
    [
      'must have at least 2 characters',
      'the age must be between 0 and 150',
      'is not one of the allowed values',
      'must have at most 2 items',
      'must be of type string',
    ],
  )
})

test('a missing field is named, and a body that is no object too', async (t) => {
  const { app } = await openHost(t, routes)
  const missing = await post(app, {})
  assert.deepEqual(missing.problem.errors, [{ field: 'name', message: '필수 항목입니다' }])
  const list = await post(app, [])
  assert.deepEqual(list.problem.errors, [{ field: 'body', message: 'object 형식이어야 합니다' }])
})

test("bodies are taken as they are: a number's text is no number; unknown fields pass", async (t) => {
  const { app } = await openHost(t, routes)
  assert.equal((await post(app, { name: 'minsu', age: '30' })).status, 422)
  assert.equal((await post(app, { name: 7 })).status, 422)
  assert.deepEqual((await post(app, { name: 'minsu', extra: 1 })).problem, { name: 'minsu', extra: 1 })
})

test('paths and queries are converted, and get their defaults', async (t) => {
  const { app } = await openHost(t, routes)
  assert.deepEqual((await app.inject('/people/7')).json(), { id: 7, limit: 20 })
  assert.deepEqual((await app.inject('/people/7?limit=5')).json(), { id: 7, limit: 5 })
  for (const url of [
    '/people/abc',
    '/people/0',
    '/people/1.5',
    '/people/7?limit=0',
    '/people/7?limit=101',
    '/people/7?limit=x',
    // One number, one address.
    '/people/+7',
    '/people/07',
    '/people/7.0',
    '/people/7e0',
    '/people/0x7',
    '/people/%207',
    '/people/7?limit=5.0',
    '/people/7?limit=%2B5',
    '/people/7?limit=',
  ])
    assert.equal((await app.inject(url)).statusCode, 422, url)
})

test('a DELETE without the id of what is to go deletes none, and never all', async (t) => {
  const gone: string[] = []
  const { app } = await openHost(t, (host) => {
    const common = { tag: 't', access: 'public', summary: 'x', response: { 200: Type.Any() } } as const
    host.get('/', operation({ ...common, id: 'root' }), () => 'root')
    host.delete('/things', operation({ ...common, id: 'deleteThings' }), () => gone.push('all'))
    host.delete(
      '/things/:id',
      operation({ ...common, id: 'deleteThing', params: Type.Object({ id: Type.String() }) }),
      () => gone.push('one'),
    )
  })
  const status = async (url: string) => (await app.inject({ method: 'DELETE', url })).statusCode
  assert.deepEqual(
    [await status('/things/'), await status('/things/?x=1'), await status('/things/7/')],
    [404, 404, 404],
  )
  assert.deepEqual(gone, [])
  assert.equal(await status('/'), 405, 'the root is no collection')
  assert.deepEqual([await status('/things/7'), await status('/things')], [200, 200])
  assert.deepEqual(gone, ['one', 'all'])
})
