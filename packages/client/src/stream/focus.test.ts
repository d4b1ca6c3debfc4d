import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Http } from '../http/http.ts'
import type { SendCommand } from './commands.ts'
import { createFocus } from './focus.ts'

function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const said: unknown[] = []
  const http = {
    json: async ({ path, json }: { path: string; json: unknown }) => void said.push([path, json]),
  } as unknown as Http
  const command = (async ({ type, room_id }: { type: string; room_id: unknown }) => {
    said.push([type, room_id])
    throw new Error('refused')
  }) as unknown as SendCommand
  return { focus: createFocus(http), said, command, pass: (ms: number) => t.mock.timers.tick(ms) }
}

test('says what is shown when it changes, and again before it is forgotten', (t) => {
  const { focus, said, command, pass } = open(t)
  focus.show(5)
  assert.deepEqual(said, [])
  focus.opened('c', command)
  focus.show(5)
  assert.deepEqual(said, [['focus', 5]])
  pass(59_000)
  assert.deepEqual(said.splice(0), [
    ['focus', 5],
    ['focus', 5],
  ])
  focus.show(6)
  focus.show(null)
  pass(600_000)
  assert.deepEqual(said, [
    ['focus', 6],
    ['focus', null],
  ])
})

test('says it again on the next stream, and nothing while there is none', (t) => {
  const { focus, said, command, pass } = open(t)
  focus.show(5)
  focus.opened('c', command)
  focus.left()
  pass(600_000)
  focus.show(6)
  assert.deepEqual(said.splice(0), [['focus', 5]])
  focus.opened('d', undefined)
  assert.deepEqual(said, [['/stream/focus', { room_id: 6, connection_id: 'd' }]])
})

test('a stream that shows nothing says nothing', (t) => {
  const { focus, said, command } = open(t)
  focus.opened('c', command)
  assert.deepEqual(said, [])
})
