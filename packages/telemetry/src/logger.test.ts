import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { createLogger, nullLogger } from './logger.ts'
import { newTraceparent, parseTraceparent, runWithTrace } from './trace.ts'

function capture(level: 'debug' | 'info' = 'info') {
  const lines: string[] = []
  const log = createLogger({ level, destination: { write: (line) => void lines.push(line) } })
  const events = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  return { log, lines, events }
}

test('a line is JSON with the level as a word, ISO time, service, fields and message', () => {
  const { log, lines, events } = capture()
  log.child({ service: 'chat-service' }).info({ room_id: 7 }, 'message stored')
  assert.equal(lines.length, 1)
  assert.ok(lines[0]!.endsWith('\n'))
  const { time, ...rest } = events()[0]!
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual(rest, { level: 'info', service: 'chat-service', room_id: 7, msg: 'message stored' })
})

test('a level below the chosen one is not written', () => {
  const { log, events } = capture('info')
  log.debug('hidden')
  log.warn('shown')
  assert.deepEqual(
    events().map((e) => e['msg']),
    ['shown'],
  )
})

test('trace_id is that of the current trace, and absent outside', () => {
  const { log, events } = capture()
  const traceparent = newTraceparent()
  runWithTrace(traceparent, () => log.info('inside'))
  log.info('outside')
  const [inside, outside] = events()
  assert.equal(inside!['trace_id'], parseTraceparent(traceparent)!.traceId)
  assert.ok(!('trace_id' in outside!))
})

test('credentials are redacted at any depth, in any case, in child fields too', () => {
  const { log, lines } = capture()
  log.child({ authorization: 'Bearer LEAK-1' }).info(
    {
      req: { headers: { Cookie: 'LEAK-2', 'set-cookie': 'LEAK-3', Authorization: 'LEAK-4' } },
      list: [{ new_password: 'LEAK-5', refresh_token: 'LEAK-6', accessToken: 'LEAK-7' }],
      password: 'LEAK-8',
      token_type: 'bearer',
    },
    'login',
  )
  assert.doesNotMatch(lines[0]!, /LEAK/)
  assert.match(lines[0]!, /"token_type":"bearer"/)
  assert.equal(lines[0]!.match(/\[redacted\]/g)!.length, 8)
})

test('an error shows type, code, stack and cause, but no other property', () => {
  const { log, events } = capture()
  const error = Object.assign(new TypeError('no', { cause: new Error('why') }), { code: 'E1', command: 'private text' })
  log.error({ error }, 'failed')
  const logged = events()[0]!['error'] as Record<string, unknown>
  assert.equal(logged['type'], 'TypeError')
  assert.equal(logged['code'], 'E1')
  assert.equal((logged['cause'] as Record<string, unknown>)['message'], 'why')
  assert.ok(!('command' in logged))
})

test('a cyclic field ends', () => {
  const { log, lines } = capture()
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  log.info(cyclic, 'loop')
  assert.match(lines[0]!, /\[object\]/)
})

test('buffered lines are written on process.exit and on an uncaught error', () => {
  const run = (end: string) => {
    const program = `import { createLogger } from ${JSON.stringify(new URL('./logger.ts', import.meta.url).href)}
      const log = createLogger({ level: 'info' })
      for (let i = 0; i < 500; i++) log.info({ i }, 'line')
      ${end}`
    return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  }
  for (const end of ['process.exit(0)', 'throw new Error("x")', '']) {
    const lines = run(end).stdout.trim().split('\n')
    assert.equal(lines.length, 500, `after: ${end}`)
    assert.equal((JSON.parse(lines.at(-1)!) as { i: number }).i, 499)
  }
})

test('nullLogger says nothing and has children', () => {
  nullLogger.child({ a: 1 }).info('x')
})
