import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EventFact } from '../history/types.ts'
import { poisonOf } from '../schedule/poison.ts'
import { createPoisonLedger } from './poison.ts'

const GROUPS = ['notification-service', 'analytics-service']
const place = { topic: 'message.events', partition: 1 }
const record = (offset: number, fields: Record<string, unknown> = {}): EventFact => {
  return { ...place, offset, key: '', id: `e${offset}`, type: 'MessageSent', fields }
}
const broken = (offset: number, groups: string): EventFact => record(offset, { poison: groups })
const letter = (offset: number, group: string): EventFact => {
  const of = record(offset, { poison: group })
  return { ...of, topic: `${place.topic}.dlq`, letter: { ...place, offset, group } }
}

describe('what cannot be handled', () => {
  it('is told from what services wrote, also when it is no event', () => {
    const ledger = createPoisonLedger(GROUPS)
    const nothing = { ...record(3), id: undefined as never, type: undefined as never }
    const events = ledger.take([record(1), broken(2, 'notification-service'), nothing, record(4)])
    assert.deepEqual(
      events.map(({ offset }) => offset),
      [1, 4],
    )
  })

  it('must be given up by each group that needs what is broken and is there, and by no other', () => {
    const ledger = createPoisonLedger(GROUPS)
    ledger.take([broken(2, [...GROUPS, 'ai-service'].join()), letter(2, 'notification-service')])
    const kinds = ledger.missing().map(({ kind, what }) => [kind, what.split(' ')[0]])
    assert.deepEqual(kinds, [['effect-missing', 'analytics-service']])
    ledger.take([letter(2, 'analytics-service'), letter(2, 'analytics-service')])
    assert.deepEqual(ledger.missing(), [])
    const meant = (offset: number, group: string) => ledger.isMeant({ ...place, offset, group })
    assert.deepEqual(
      [meant(2, 'analytics-service'), meant(2, 'chat-service'), meant(1, 'analytics-service')],
      [true, false, false],
    )
  })

  it('says of itself who must give it up, and is of people and a room that there are', () => {
    const all = poisonOf('1.1', { room: 7, people: [1, 2] })
    assert.ok(all.every(({ key }) => key === '7'))
    const due = all.flatMap(({ value }) => (JSON.parse(value) as { poison?: string } | null)?.poison ?? [])
    assert.ok(GROUPS.every((group) => due.some((groups) => groups.split(',').includes(group))))
    assert.deepEqual(
      all.filter(({ value }) => !value.startsWith('{"event_id"')).map(({ value }) => value),
      ['null', '[]', '"text"', '{}'],
    )
  })
})
