import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutLoops } from './loops.ts'

const cases: readonly (readonly [said: string, kept: string])[] = [
  ['', ''],
  ['회의실 회의실 회의실 회의실 회의실', '회의실'],
  ['오늘은 회ι실회ι실회ι실회ι실회ι실', '오늘은 회ι실'],
  ['구독과 좋아요 부탁드려요. 구독과 좋아요 부탁드려요. 구독과 좋아요 부탁드려요.', '구독과 좋아요 부탁드려요.'],
  ['그, 그, 그, 그, 그, 그, 그, 그, 그, 그, 그, 그, 그', '그'],
  ['아니 아니 아니, 괜찮아요.', '아니 아니 아니, 괜찮아요.'],
  ['하하하하하 재미있네요', '하하하하하 재미있네요'],
  ['죽고 싶어요. 정말 죽고 싶어요. 죽고 싶어요.', '죽고 싶어요. 정말 죽고 싶어요. 죽고 싶어요.'],
  ['전화번호는 010 1111 1111입니다', '전화번호는 010 1111 1111입니다'],
]

for (const [said, kept] of cases) test(`"${said}" is kept as "${kept}"`, () => assert.equal(withoutLoops(said), kept))

test('a long text takes no long time', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => String.fromCharCode(0xac00 + ((i * 7919) % 11_172))).join('')
  const began = performance.now()
  assert.equal(withoutLoops(text), text)
  assert.ok(performance.now() - began < 5_000)
})
