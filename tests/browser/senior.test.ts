import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { openGroup, register, type Person } from '../support/index.ts'
import { faultsOf, holds, PHONE, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })
const LONG = '아주 긴 글입니다. '.repeat(120)

/** A browser's speech as far as the page uses it: what is said is noted, and ends when the test says so. */
const SPEECH = `
  window.said = []
  class Utterance extends EventTarget { constructor(text) { super(); this.text = text } }
  window.SpeechSynthesisUtterance = Utterance
  const synthesis = Object.assign(new EventTarget(), {
    getVoices: () => [{ lang: 'en-US', name: 'en' }, { lang: 'ko-KR', name: 'ko' }],
    speak(utterance) { window.said.push([utterance.text, utterance.voice.lang]); window.finish = () => utterance.dispatchEvent(new Event('end')) },
    cancel() { window.cancelled = true },
  })
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis })
`

describe('listening in senior mode', () => {
  let elder: Person
  let family: Person
  let roomId: number
  let page: Page

  before(async () => {
    elder = await register(world.urls, '어르신')
    family = await register(world.urls, '손녀')
    roomId = (await openGroup(family, '우리집', elder)).id
    page = await world.open(PHONE)
    await page.addInitScript(`localStorage.setItem('bigtech-chat:settings', '${JSON.stringify({ senior: true })}')`)
    await page.goto('/signin')
    await page.getByLabel('이메일 또는 사용자 이름').fill(elder.email)
    await page.getByLabel('비밀번호', { exact: true }).fill('Test1234!@')
    await page.getByRole('button', { name: '로그인', exact: true }).click()
    await page.getByRole('heading', { name: '우리집' }).waitFor()
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const say = async (content: string) => (await family.post<{ seq: number }>(`/messages/${roomId}`, { content })).seq
  const readSeq = async () => (await elder.get<{ read_seq: number }>(`/messages/${roomId}?limit=1`)).read_seq
  const isRead = (seq: number) => eventually(async () => assert.equal(await readSeq(), seq))
  const listen = () => page.getByRole('button', { name: /듣기/ }).click()
  const reader = () => page.getByRole('dialog', { name: '듣기' })
  const next = () => page.getByRole('button', { name: '다음' }).click()

  it('says what arrived; without a voice texts are shown one by one, and only those are read', async () => {
    const first = await say('밥은 드셨어요?')
    const second = await say('내일 갈게요')
    const third = await say('사진도 보낼게요')
    await page.getByText('새 메시지 3개').first().waitFor()
    await listen()
    await reader().getByText('밥은 드셨어요?').waitFor()
    await next()
    await reader().getByText('내일 갈게요').waitFor()
    await isRead(first)
    await page.goBack()
    await reader().waitFor({ state: 'detached' })
    await isRead(second)
    await page.getByText('새 메시지 1개').first().waitFor()
    await listen()
    await reader().getByText('사진도 보낼게요').waitFor()
    await next()
    await page.getByText('모두 들었습니다').waitFor()
    await isRead(third)
  })

  it('who answers before they listened hears what came before all the same, also after the page was loaded anew', async () => {
    const before = await readSeq()
    await say('약은 드셨어요?')
    await say('저녁에 전화할게요')
    await page.getByText('새 메시지 2개').first().waitFor()
    await page.getByRole('button', { name: /전화해 달라고/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '보내기' }).click()
    await page.getByText('방에 알렸습니다', { exact: false }).waitFor()
    // For the server all is read.
    await isRead(before + 3)
    await page.getByText('새 메시지 2개').first().waitFor()
    await say('조금 늦어요')
    await page.getByText('새 메시지 3개').first().waitFor()
    await page.reload()
    await page.getByText('새 메시지 3개').first().waitFor()
    await listen()
    for (const text of ['약은 드셨어요?', '저녁에 전화할게요', '조금 늦어요']) {
      await reader().getByText(text).waitFor()
      await next()
    }
    await page.getByText('모두 들었습니다').waitFor()
    assert.equal(await page.getByText(/새 메시지 \d개/).count(), 0)
  })

  it('a text longer than the page is read once its end was shown', async () => {
    const before = await readSeq()
    const seq = await say(LONG)
    await page.getByText('새 메시지 1개').first().waitFor()
    await listen()
    await reader().getByText('아주 긴 글입니다', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    await reader().waitFor({ state: 'detached' })
    await page.getByText('새 메시지 1개').first().waitFor()
    assert.equal(await readSeq(), before)
    await listen()
    await reader()
      .locator('.words')
      .evaluate((area) => area.scrollTo(0, area.scrollHeight))
    await next()
    await isRead(seq)
    await page.getByText('모두 들었습니다').first().waitFor()
  })

  it('texts are read aloud with a voice of their language, and what is heard goes on by itself', async () => {
    await page.addInitScript(SPEECH)
    await page.goto('/senior')
    await page.getByRole('heading', { name: '우리집' }).waitFor()
    const first = await say('안녕히 주무세요')
    const second = await say('Good night')
    await page.getByText('새 메시지 2개').first().waitFor()
    await listen()
    const said = () => page.evaluate<[string, string][]>('window.said')
    const heard = async (text: string, lang: string) => {
      for (;;) {
        await holds(page, 'window.finish')
        const [last] = (await said()).slice(-1)
        assert.equal(last![1].slice(0, 2), lang)
        await page.evaluate('(() => { const end = window.finish; window.finish = undefined; end() })()')
        if (last![0].includes(text)) return
      }
    }
    await heard('안녕히 주무세요', 'ko')
    await reader().getByText('Good night').waitFor()
    await isRead(first)
    await holds(page, 'window.finish')
    await page.keyboard.press('Escape')
    await reader().waitFor({ state: 'detached' })
    assert.equal(await page.evaluate('window.cancelled'), true, 'nobody speaks on')
    await isRead(second)
  })

  it('who taps twice is asked all the same, and heard by one microphone, which ends', async () => {
    await page.addInitScript(`{
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      window.tracks = []
      window.asked = []
      navigator.mediaDevices.getUserMedia = async (what) => {
        await new Promise((resolve) => window.asked.push(resolve))
        const stream = await ask(what)
        window.tracks.push(...stream.getTracks())
        return stream
      }
    }`)
    await page.reload()
    await page.getByRole('button', { name: /전화해 달라고 하기/ }).dblclick()
    await page.getByRole('dialog').getByRole('button', { name: '취소' }).click()
    await page.getByRole('button', { name: '말하기' }).dblclick()
    await page.evaluate('window.asked.forEach((allow) => allow())')
    await page.getByRole('button', { name: /눌러서 보내기 0:01/ }).click()
    await page.getByText('목소리를 보냈습니다').waitFor()
    assert.deepEqual(await page.evaluate('window.tracks.map(({ readyState }) => readyState)'), ['ended'])
  })

  it('who forgets to end it is heard for ten minutes, which are sent', async () => {
    await page.addInitScript(`{
      const now = performance.now.bind(performance)
      window.later = 0
      performance.now = () => now() + window.later
    }`)
    await page.reload()
    await page.getByRole('button', { name: '말하기' }).click()
    await eventually(async () => {
      // The microphone of this browser is held back by the step before.
      await page.evaluate('window.asked.forEach((allow) => allow())')
      await page.getByRole('button', { name: /눌러서 보내기/ }).waitFor({ timeout: 1_000 })
    })
    await page.evaluate('window.later = 10 * 60_000')
    await page.getByText('목소리를 보냈습니다').waitFor()
    assert.deepEqual(await page.evaluate('window.tracks.map(({ readyState }) => readyState)'), ['ended'])
  })
})
