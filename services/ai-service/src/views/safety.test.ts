import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONTACTS } from './contacts.ts'
import { viewSafety } from './safety.ts'

test('the numbers of this installation are in the words too', () => {
  assert.match(viewSafety('immediate', 'ko', CONTACTS.ko).message!, /109에 전화해 주세요. 위험하면 119에/)
  const own = [
    { number: '02-123-4567', name: '마을 상담 전화' },
    { number: '999', name: '구급', emergency: true },
  ]
  const { message, contacts } = viewSafety('immediate', 'ko', own)
  assert.match(message!, /02-123-4567에 전화해 주세요. 위험하면 999에/)
  assert.doesNotMatch(message!, /109|119/)
  assert.deepEqual(contacts[1], { number: '999', name: '구급' })
  assert.match(
    viewSafety('immediate', 'en', own.slice(0, 1)).message!,
    /call 02-123-4567 now\. In danger call 02-123-4567/,
  )
  assert.equal(viewSafety('none', 'ko', own).message, null)
})
