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
  // The template takes the last brace off the line, and puts it back behind the tag.
  assert.ok(line.endsWith('}'))
  const tagged = `${line.slice(0, -1)},"tag":"user_id=${String(fields['user_id'])}"}`
  assert.equal((JSON.parse(tagged) as { tag: string }).tag, `user_id=${one.id}`)
})

test('both jobs read lines alike', () => {
  assert.deepEqual(configs[1]!.pipeline_stages, stages)
})
