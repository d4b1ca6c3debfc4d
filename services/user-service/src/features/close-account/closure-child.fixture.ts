import { newId } from '@bigtech/kernel'
import { bearer, PASSWORD, startService } from '../../user-service.fixture.ts'

/** A process to be killed: `<dir>` asks for a closure; `<dir> consent <user> <saga>` lets both participants agree. */
const [dir, mode, user, saga_id] = process.argv.slice(2)
const service = await startService({ after() {} }, { dir: dir! })

if (mode === 'consent') {
  const consent = (name: string, topic: string) => {
    const event = { event_id: newId(), event_type: 'UserClosurePrepared', timestamp: new Date().toISOString() }
    return { topic, key: user!, value: { ...event, user_id: Number(user), saga_id, service: name }, headers: {} }
  }
  await service.bus.publish([consent('friend-service', 'friend.events'), consent('chat-service', 'chat.events')])
  process.stdout.write('consented\n')
} else {
  const alice = await service.account('alice')
  const payload = { password: PASSWORD }
  const answer = await service.app.inject({ method: 'DELETE', url: '/users/me', payload, headers: bearer(alice) })
  process.stdout.write(`closing ${alice.id} ${answer.json<{ saga_id: string }>().saga_id}\n`)
}
