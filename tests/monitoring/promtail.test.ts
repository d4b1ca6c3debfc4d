import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { eventually, tempDir } from '@bigtech/testkit'
import { openDirect, registerAll, spawnServer } from '../support/index.ts'
import { MONITORING } from './programs.ts'

type Stage = {
  json?: { expressions: Record<string, string> }
  timestamp?: { source: string; format: string }
  labels?: Record<string, string>
  drop?: { source: string; expression: string }
  template?: { source: string; template: string }
}

const { scrape_configs: configs } = parse(readFileSync(join(MONITORING, 'promtail/promtail.yml'), 'utf8'), {
  merge: true,
}) as { scrape_configs: { pipeline_stages: Stage[] }[] }
const stages = configs[0]!.pipeline_stages
const stage = <K extends keyof Stage>(name: K) => stages.find((one) => one[name] !== undefined)![name]!

test('the fields that Promtail reads are those of the lines of a running server', async (t) => {
  const file = join(tempDir(t), 'server.log')
  const program = await spawnServer(t, { LOG_LEVEL: 'info', LOG_FILE: file })
  const urls = await program.urls()
  const [one, other] = await registerAll(urls, '하나', '둘')
  const room = await openDirect(one, other)
  await one.say(room.id, '안녕')
  const sent = (line: string) => line.includes('"path":"/messages/:room_id"') && line.includes(`"user_id":${one.id}`)
  const line = await eventually(() => {
    const found = readFileSync(file, 'utf8').split('\n').find(sent)
    assert.ok(found)
    return found
  })
  const fields = JSON.parse(line) as Record<string, unknown>
  const { expressions } = stage('json')
  for (const [name, field] of Object.entries(expressions)) assert.ok(field in fields, `${name} reads ${field}`)

  // Labels have few values; what is dropped is no request of anybody's; the time is one that Go reads.
  assert.deepEqual(Object.keys(stage('labels')).toSorted(), ['level', 'service'])
  assert.equal(fields['service'], 'chat-service')
  const { source, expression } = stage('drop')
  assert.doesNotMatch(String(fields[source]), new RegExp(expression))
  assert.match('/ready', new RegExp(expression))
  assert.equal(stage('timestamp').format, 'RFC3339Nano')
  assert.match(String(fields[stage('timestamp').source]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/)
  const tagged = JSON.parse(rendered(line, String(fields['user_id']))) as { tag: string }
  assert.deepEqual(tagged, { ...fields, tag: `user_id=${one.id}` })
})

test('a line without a user stays as it is, one that is no JSON too', () => {
  for (const line of ['{"level":"info","msg":"started"}', 'Error: out of memory', 'at main.ts:1 {'])
    assert.equal(rendered(line, undefined), line)
})

/** The line as the template makes it: of Go's templates the one form that it has, tried by hand with Go's own. */
function rendered(line: string, userId: string | undefined): string {
  const [, known, other] = /^\{\{ if \.user_id \}\}(.*)\{\{ else \}\}(.*)\{\{ end \}\}$/.exec(
    stage('template').template,
  )!
  const text = (userId === undefined ? other! : known!)
    .replace('{{ TrimSuffix .Entry "}" }}', () => line.replace(/\}$/, ''))
    .replace('{{ .Entry }}', () => line)
    .replace('{{ .user_id }}', () => userId ?? '')
  assert.ok(!text.includes('{{'), text)
  return text
}

test('both jobs read lines alike', () => {
  assert.deepEqual(configs[1]!.pipeline_stages, stages)
})
