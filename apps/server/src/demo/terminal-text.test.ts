import assert from 'node:assert/strict'
import { it } from 'node:test'
import { texts } from '@bigtech/testkit'
import { createScreen } from './terminal-screen.ts'
import { displayWidth, padDisplay, wrapDisplay } from './terminal-text.ts'

it('counts columns as terminals do', () => {
  const widths: [string, number][] = [
    ['abc', 3],
    ['김민수', 6],
    [texts.koreanNfd, displayWidth(texts.koreanNfc)],
    ['ㅠㅠ', 4],
    ['→ …', 3],
    ['👍', 2],
    [texts.emojiZwj, 2],
    [texts.emojiFlag, 2],
    [texts.emojiSkin, 2],
    ['☔', 2],
    ['✔', 1],
    ['\u001b[31m한글\u001b[39m', 4],
  ]
  for (const [text, width] of widths) assert.equal(displayWidth(text), width, text)
  assert.equal(padDisplay('한글', 6), '한글  ')
  assert.equal(padDisplay('한글', 2), '한글')
})

it('breaks lines between characters', () => {
  assert.deepEqual(wrapDisplay('가나다라', 5), ['가나', '다라'])
  assert.deepEqual(wrapDisplay('', 5), [''])
  assert.deepEqual(wrapDisplay(`${texts.emojiZwj}${texts.emojiFlag}`, 2), [texts.emojiZwj, texts.emojiFlag])
})

it('keeps the columns straight, and drops them where there is no room', () => {
  const print = (columns: number) => {
    let written = ''
    const out = { write: (text: string) => (written += text), columns }
    const screen = createScreen(out, { left: '민수', right: '지우' })
    screen.say('left', '안녕 👍', 'red')
    screen.say('right', '긴 이야기를 하고 싶은데 자리가 모자라면 다음 줄로 넘어갑니다, 그렇죠?')
    return written.split('\n').filter((line) => line !== '')
  }
  const wide = print(80)
  assert.ok(wide.length >= 3)
  for (const line of wide) {
    assert.equal(displayWidth(line.slice(0, line.indexOf('│'))), 39)
    assert.ok(displayWidth(line) <= 80)
  }
  const narrow = print(40)
  assert.equal(narrow[0], '민수 | 안녕 👍')
  for (const line of narrow) assert.ok(displayWidth(line) <= 40)
})
