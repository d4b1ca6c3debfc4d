import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import {
  embeddedOnly,
  openDirect,
  registerAdmin,
  registerAll,
  startTestServer,
  type Message,
} from '../support/index.ts'

it(
  'what was edited or deleted is gone from the event log, and operators read no message',
  { skip: embeddedOnly },
  async (t) => {
    const system = await startTestServer(t)
    const [one, other] = await registerAll(system.urls, '하나', '둘')
    const room = await openDirect(one, other)
    const [kept, edited, deleted] = [
      await one.say(room.id, '남는 말'),
      await one.say(room.id, '고치기 전의 비밀'),
      await one.say(room.id, '지워질 비밀'),
    ]
    await one.patch<Message>(`/messages/${room.id}/${edited.id}`, { content: '고친 말' })
    await one.del(`/messages/${room.id}/${deleted.id}`)

    const log = new DatabaseSync(join(system.dataDir, 'events.db'), { readOnly: true, timeout: 5_000 })
    t.after(() => log.close())
    const values = () =>
      log
        .prepare('SELECT value FROM records')
        .all()
        .map(({ value }) => String(value))
    await eventually(() => assert.ok(values().some((value) => value.includes('"MessageDeleted"'))))
    const texts = values().flatMap((value) => (JSON.parse(value) as { content?: string }).content ?? [])
    assert.deepEqual(texts, ['남는 말', '', '', '고친 말'])

    const admin = await registerAdmin(system)
    const shown: string[] = []
    for (const topic of ['message.events', 'user.events', 'chat.events'])
      for (let partition = 0; partition < (topic === 'message.events' ? 10 : 3); partition++)
        shown.push(JSON.stringify(await admin.get(`/ops/topics/${topic}/messages?partition=${partition}`)))
    const all = shown.join('\n')
    assert.ok(all.includes(kept.id), 'what is about whom is shown')
    for (const text of ['남는 말', '고친 말', '비밀', '하나', one.email]) assert.ok(!all.includes(text), text)
  },
)
