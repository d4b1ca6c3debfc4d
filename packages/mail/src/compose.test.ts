import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { composeMail, type Letter } from './compose.ts'

const letter: Letter = {
  subject: '확인',
  title: '안녕하세요',
  lines: ['한 줄', ['하나', '둘']],
  button: { label: '열기', url: 'https://chat.example.com/a?b=c&d=e' },
  small: ['작은 글'],
}

it('a mail says the same as text and as HTML, in all languages it is given in', () => {
  const { subject, text, html } = composeMail([letter, { ...letter, subject: 'Confirm', title: 'Hello' }])
  assert.equal(subject, '[BigTech Chat] 확인 / Confirm')
  assert.ok(
    text.startsWith('안녕하세요\n\n한 줄\n\n- 하나\n- 둘\n\n열기:\nhttps://chat.example.com/a?b=c&d=e\n\n작은 글'),
  )
  for (const part of ['안녕하세요', 'Hello', '<li>둘</li>', 'href="https://chat.example.com/a?b=c&amp;d=e"', '작은 글'])
    assert.ok(html!.includes(part), part)
})

it('what people wrote is neither markup nor a header', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const hostile = `${name}<img src=x onerror=alert(1)>\r\nBcc: x@example.com"'`
      const { subject, html } = composeMail([
        { ...letter, subject: hostile, title: hostile, lines: [hostile, [hostile]] },
      ])
      assert.doesNotMatch(subject, /[\r\n]/)
      assert.ok(!html!.includes('<img'))
    }),
  )
})
