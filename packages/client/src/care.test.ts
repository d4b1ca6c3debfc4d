import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from './index.ts'
import { sharedServer, signUp } from './testing/server.fixture.ts'

describe('care, against the server', () => {
  const server = sharedServer()
  const agreed = async (name: string) => {
    const person = await signUp(server().url, name)
    const { items } = await person.client.care.consents()
    await person.client.care.agree(items.find(({ kind }) => kind === 'analysis')!)
    return person.client.care
  }

  it('is off until somebody agrees, and off again when they take it back', async () => {
    const { client } = await signUp(server().url, 'c.off')
    const { care } = client
    const refused = (error: unknown) => error instanceof ApiError && error.code === 'CONSENT_REQUIRED'
    await assert.rejects(care.write({ text: '요즘 잠이 안 와요', keep_text: false }), refused)
    const [analysis] = (await care.consents()).items
    assert.equal(analysis!.given_at, null)
    assert.notEqual((await care.agree(analysis!)).given_at, null)
    await care.write({ text: '요즘 잠이 안 와요', keep_text: false })
    await care.withdraw(analysis!)
    await assert.rejects(care.mood({ mood: 4 }), refused)
    assert.notEqual((await care.consents()).items[0]!.history[0]!.withdrawn_at, null)
  })

  it('numbers to call are told to everybody', async () => {
    const { client } = await signUp(server().url, 'c.numbers')
    await client.auth.logout()
    assert.equal((await client.care.contacts()).items[0]!.number, '109')
  })

  it('finds phrases in what is handed in, and keeps the words only when that is asked for', async () => {
    const care = await agreed('c.words')
    const { analysis, entry } = await care.write({ text: '요즘 잠이 안 와요', keep_text: false })
    assert.ok(analysis!.evidence.some(({ cue }) => cue === 'sleep'))
    assert.equal(entry.text, null)
    const kept = await care.write({ text: '요즘 잠이 안 와요', keep_text: true })
    assert.equal(kept.entry.text, '요즘 잠이 안 와요')
    assert.ok(kept.entry.analysis!.evidence!.length > 0)
    const { safety } = await care.mood({ mood: 1, note: '죽고 싶어요' })
    assert.ok(safety.message)
    assert.deepEqual(
      (await care.entries({ limit: 2 })).items.map(({ kind }) => kind),
      ['mood', 'text'],
    )
    assert.equal((await care.entries({ kind: 'mood' })).items.length, 1)
    await care.forget(kept.entry.id)
    assert.equal((await care.entries()).items.length, 2)
    await care.forgetAll()
    assert.deepEqual((await care.entries()).items, [])
  })

  it('questionnaires have their ranges and cut-off, and a sum of what was answered', async () => {
    const care = await agreed('c.forms')
    const form = (await care.questionnaires()).items.find(({ name }) => name === 'PHQ-9')!
    assert.deepEqual([form.max, form.cut_off, form.bands.map(({ from }) => from)], [27, 10, [0, 5, 10, 15, 20]])
    const { entry, safety } = await care.answer(
      form.name,
      form.questions.map(() => 2),
    )
    assert.deepEqual([entry.questionnaire!.score, entry.questionnaire!.positive], [18, true])
    assert.ok(safety.message, 'the ninth question')
  })
})
