import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Static } from 'typebox'
import { MINSU, startService } from '../../ai-service.fixture.ts'
import type { AnsweredResponseSchema, QuestionnairesSchema } from '../../contract/entry-schemas.ts'

type Answered = Static<typeof AnsweredResponseSchema>
type Problem = { code: string; errors: { field: string; message: string }[] }

describe('questionnaires', () => {
  it('are told in the language of who asks, with what they ask about', async (t) => {
    const service = await startService(t)
    const get = async (language: string) =>
      (
        await service.app.inject({
          url: '/care/questionnaires',
          headers: { authorization: `Bearer ${MINSU}`, 'accept-language': language },
        })
      ).json<Static<typeof QuestionnairesSchema>>().items
    const [korean, english] = [await get('ko'), await get('en')]
    assert.deepEqual(
      korean.map(({ name, questions, choices, period }) => [name, questions.length, choices.length, period]),
      [
        ['PHQ-9', 9, 4, '지난 2주'],
        ['GAD-7', 7, 4, '지난 2주'],
        ['GDS-SF', 15, 2, '지난 1주'],
      ],
    )
    assert.equal(english[0]!.questions[0]!.text, 'Little interest or pleasure in doing things')
    assert.deepEqual(korean[2]!.choices, [
      { value: 0, text: '아니요' },
      { value: 1, text: '예' },
    ])
  })

  it('have a sum and a band, as a screening, with whom to call', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    const answer = async (name: string, answers: number[]) =>
      (await service.call<Answered>(MINSU, 'POST', `/care/questionnaires/${name}/answers`, { answers })).body
    const phq = await answer('PHQ-9', [3, 3, 2, 2, 0, 0, 0, 0, 0])
    assert.deepEqual(phq.entry.questionnaire, {
      name: 'PHQ-9',
      score: 10,
      max: 27,
      band: 'moderate',
      band_text: '중간',
      positive: true,
      answers: [3, 3, 2, 2, 0, 0, 0, 0, 0],
    })
    assert.deepEqual([phq.safety.level, phq.safety.contacts[0]!.number], ['none', '109'])
    assert.match(phq.disclaimer, /진단이 아닙니다/)
    const hurt = await answer('PHQ-9', [0, 0, 0, 0, 0, 0, 0, 0, 1])
    assert.deepEqual([hurt.entry.questionnaire!.score, hurt.safety.level], [1, 'concern'])
    assert.match(hurt.safety.message!, /고마워요/)
    // Five of its questions count the other way round.
    assert.equal((await answer('GDS-SF', Array(15).fill(0))).entry.questionnaire!.score, 5)
  })

  it('are refused with gaps and with what is no choice; nothing is kept of it', async (t) => {
    const service = await startService(t)
    await service.agree(MINSU)
    for (const [name, answers, status, code] of [
      ['PHQ-9', [1, 2], 422, 'ANSWERS_INVALID'],
      ['GDS-SF', Array(15).fill(2), 422, 'ANSWERS_INVALID'],
      ['PHQ-9', Array(9).fill(4), 422, 'VALIDATION_FAILED'],
      ['PHQ-9', [], 422, 'VALIDATION_FAILED'],
      ['MMSE', [1], 422, 'VALIDATION_FAILED'],
    ] as const) {
      const path = `/care/questionnaires/${name}/answers`
      const { status: got, body } = await service.call<Problem>(MINSU, 'POST', path, { answers })
      assert.deepEqual([got, body.code], [status, code], `${name} ${answers.join()}`)
      assert.ok(body.errors.length > 0)
    }
    assert.deepEqual((await service.call(MINSU, 'GET', '/care/entries')).body, { items: [], next_cursor: null })
  })
})
