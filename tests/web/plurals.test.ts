import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { careTexts } from '@bigtech/web/care-texts'
import { fillText, texts } from '@bigtech/web/texts'

describe('texts of the web client', () => {
  it('have the form that goes with a number', () => {
    const waiting = texts['connection.waiting'][1]
    assert.equal(fillText(waiting, { count: 1 }), '1 message waits to be sent.')
    for (const count of [0, 2, 21, '300+', '1,000'])
      assert.equal(fillText(waiting, { count }), `${count} messages wait to be sent.`)
    assert.equal(fillText(texts['connection.waiting'][0], { count: 1 }), '보낼 메시지 1개가 기다리고 있습니다.')
    assert.equal(fillText('{a} and {b}', { a: 1 }), '1 and {b}')
  })

  it('that count something in English say one thing for 1, and have the same values in both languages', () => {
    const names = (text: string) =>
      [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name!).toSorted((a, b) => a.localeCompare(b))
    for (const [key, [ko, en]] of Object.entries({ ...texts, ...careTexts })) {
      assert.deepEqual(names(en), names(ko), key)
      // What a number alone is followed by must do for 1, too.
      const counted = /\{(?:count|seconds)\} (\w+)/.exec(en)?.[1]
      if (counted) assert.ok(['new', 'unread', 's', 'd', 'h'].includes(counted), `${key}: ${en}`)
    }
  })
})
