import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { calledBy, callsIn, faultOf, heardOf, MAX_MENTIONS, type Mention } from './mention.ts'

const PEOPLE = new Map([
  ['minsu', 1],
  ['민수', 2],
  ['민수야', 3],
  ['jiwoo.kim', 4],
  ['école', 5],
])

/** What is heard of a text, as its parts. */
const heard = (text: string, mayCallAll = false) =>
  heardOf(callsIn(text), PEOPLE, mayCallAll).map(({ offset, length, user_id, everyone }) => [
    text.slice(offset, offset + length),
    everyone ? 'everyone' : user_id,
  ])

describe('a text calls', () => {
  const cases: [text: string, heard: unknown[], mayCallAll?: boolean][] = [
    ['@minsu 점심?', [['@minsu', 1]]],
    ['점심? @Minsu', [['@Minsu', 1]]],
    ['(@minsu)', [['@minsu', 1]]],
    [
      '@minsu님, @민수도!',
      [
        ['@minsu', 1],
        ['@민수', 2],
      ],
    ],
    ['@민수님께', [['@민수', 2]]],
    // The longest name is meant.
    ['@민수야', [['@민수야', 3]]],
    ['@민수현', []],
    ['@minsuk', []],
    ['@minsu2', []],
    ['@minsu_', []],
    ['@minsu.', [['@minsu', 1]]],
    ['@jiwoo.kim', [['@jiwoo.kim', 4]]],
    ['@ÉCOLE', [['@ÉCOLE', 5]]],
    ['👩‍👩‍👧 @minsu', [['@minsu', 1]]],
    ['@minsu@minsu', [['@minsu', 1]]],
    ['mail@minsu', []],
    ['a.b@minsu', []],
    ['@ minsu', []],
    ['@nobody', []],
    ['@all', []],
    [
      '@all @모두',
      [
        ['@all', 'everyone'],
        ['@모두', 'everyone'],
      ],
      true,
    ],
    ['@allen', [], true],
    ['@', []],
    ['', []],
  ]
  for (const [text, expected, mayCallAll] of cases)
    it(JSON.stringify(text), () => assert.deepEqual(heard(text, mayCallAll), expected))

  it('no more than so many', () => assert.equal(heard('@minsu '.repeat(60)).length, MAX_MENTIONS))

  it('is looked through in no time, whatever it is', () => {
    const begin = performance.now()
    for (const text of [
      `@${'가'.repeat(10_000)}`,
      '@'.repeat(10_000),
      `@${'께'.repeat(9_999)}`,
      '@이이 '.repeat(2_500),
    ])
      callsIn(text)
    assert.ok(performance.now() - begin < 500)
  })
})

describe('ranges', () => {
  const at = (offset: number, length: number): Mention => ({ user_id: 1, offset, length })
  it('are within the text and apart', () => {
    assert.equal(faultOf([at(3, 2), at(0, 3)], 'abcde'), undefined)
    assert.equal(faultOf([at(3, 3)], 'abcde'), 'MENTION_OUT_OF_TEXT')
    assert.equal(faultOf([at(2, 2), at(0, 3)], 'abcde'), 'MENTIONS_OVERLAP')
    assert.equal(
      faultOf(
        Array.from({ length: 51 }, (_, i) => at(i, 1)),
        'x'.repeat(99),
      ),
      'TOO_MANY_MENTIONS',
    )
  })
  it('call each of them once', () =>
    assert.deepEqual(calledBy([at(0, 1), at(2, 1), { everyone: true, offset: 4, length: 1 }]), [1, 0]))
})
