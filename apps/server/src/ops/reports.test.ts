import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../server.fixture.ts'

type Report = { id: number; status: string; handled_by: number | null; handled_at: string | null }
type List = { items: Report[] }

test('reports are marked by administrators, who are written down; and found by their state', async (t) => {
  const { call, person, admin } = await openServer(t)
  const { token } = await person('minsu')
  const rude = await person('rude')
  const operator = await admin()
  const made = await call<{ id: number }>('POST', '/reports', { token, body: { user_id: rude.id, reason: 'spam' } })
  const path = `/ops/reports/${made.body.id}`
  const body = { status: 'handled' }
  assert.equal((await call('PATCH', path, { body })).status, 401)
  assert.equal((await call('PATCH', path, { body, token })).status, 403)
  const list = async (status: string) =>
    (await call<List>('GET', `/ops/reports?status=${status}`, { token: operator })).body.items
  assert.deepEqual([(await list('open')).length, (await list('handled')).length], [1, 0])

  const { body: me } = await call<{ id: number }>('GET', '/profile/me', { token: operator })
  const handled = await call<Report>('PATCH', path, { body, token: operator })
  assert.deepEqual([handled.status, handled.body.status, handled.body.handled_by], [200, 'handled', me.id])
  assert.deepEqual([await list('open'), await list('handled')], [[], [handled.body]])
  const undone = await call<Report>('PATCH', path, { body: { status: 'open' }, token: operator })
  assert.deepEqual([undone.body.status, undone.body.handled_by, undone.body.handled_at], ['open', null, null])

  const none = await call('PATCH', '/ops/reports/999', { body, token: operator })
  assert.deepEqual([none.status, none.body['code']], [404, 'REPORT_NOT_FOUND'])
  assert.equal((await call('PATCH', path, { body: { status: 'gone' }, token: operator })).status, 422)
})
