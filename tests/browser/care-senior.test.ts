import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { openGroup, register, type Person } from '../support/index.ts'
import { faultsOf, PASSWORD, PHONE, startWorld } from './browser.fixture.ts'
import { agreeToAnalysis, checkCareScreen, checkFits, smallerThan, WIDTHS } from './care.fixture.ts'

const world = await startWorld({ after })

/** What nobody may have to read in senior mode: anything smaller, px. */
const LEAST_PX = 24

/** A browser's speech as far as the page uses it: what is said is noted, and over at once unless the test wants it to last. */
const SPEECH = `
  window.said = []
  class Utterance extends EventTarget { constructor(text) { super(); this.text = text } }
  window.SpeechSynthesisUtterance = Utterance
  const synthesis = Object.assign(new EventTarget(), {
    getVoices: () => [{ lang: 'ko-KR', name: 'ko' }],
    speak(utterance) {
      window.said.push(utterance.text)
      if (!window.lasting) queueMicrotask(() => utterance.dispatchEvent(new Event('end')))
    },
    cancel() { window.cancelled = true },
  })
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis })
`

describe('care in senior mode', () => {
  let elder: Person
  let page: Page
  before(async () => {
    elder = await register(world.urls, '어르신')
    const family = await register(world.urls, '손녀')
    await openGroup(family, '우리집', elder)
    await agreeToAnalysis(elder)
    page = await world.open(PHONE)
    await page.addInitScript(`localStorage.setItem('bigtech-chat:settings', '${JSON.stringify({ senior: true })}')`)
    await page.addInitScript(SPEECH)
    await page.goto('/signin')
    await page.getByLabel('이메일 또는 사용자 이름').fill(elder.email)
    await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: '로그인', exact: true }).click()
    await page.getByRole('heading', { name: '우리집' }).waitFor()
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const isLarge = async (name: string) => {
    const before = page.viewportSize()!
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: before.height })
      assert.deepEqual(await smallerThan(page, LEAST_PX), [], `${name} at ${width} px`)
    }
    await page.setViewportSize(before)
  }
  const isSaid = (text: string) =>
    eventually(async () => {
      const said = await page.evaluate<string[]>('window.said')
      assert.ok(
        said.some((one) => one.includes(text)),
        said.join('\n'),
      )
    })

  it('is the fourth large button; each screen is large at every width, and fits', async () => {
    await checkFits(page, 'senior')
    await isLarge('senior')
    await page.getByRole('link', { name: '오늘 이야기' }).click()
    await page.getByRole('button', { name: '말하기' }).waitFor()
    await checkCareScreen(page, 'senior care')
    await isLarge('talk')
    for (const [place, words] of [
      ['오늘 기분', '오늘 어떠세요?'],
      ['살펴보기', '기분 살펴보기 (PHQ-9)'],
      ['기록', '아직 기록이 없습니다'],
      ['가족', '나를 돌봐 주는 사람'],
    ] as const) {
      await page.getByRole('main').getByRole('link', { name: place }).click()
      await page.getByText(words).first().waitFor()
      await isLarge(place)
      await checkFits(page, place)
      await page.getByRole('main').getByRole('link', { name: '뒤로' }).click()
      await page.getByRole('button', { name: '말하기' }).waitFor()
    }
    await page.getByRole('link', { name: '동의 관리' }).click()
    await page.getByRole('button', { name: '동의 거두기' }).waitFor()
    await isLarge('consents')
  })

  it('what was understood is read aloud by itself, and falls silent when one goes on', async () => {
    await page.goto('/care')
    await page.evaluate('window.lasting = true')
    await page.getByRole('button', { name: '글로 적기' }).click()
    await page.getByLabel('하고 싶은 이야기').fill('요즘 잠이 안 와요')
    await page.getByRole('button', { name: '보내기' }).click()
    await page.getByRole('heading', { name: '이렇게 적으셨어요' }).waitFor()
    await isSaid('이렇게 적으셨어요')
    await isLarge('found')
    await checkFits(page, 'found')
    await page.evaluate('window.cancelled = false')
    await page.getByRole('button', { name: '또 이야기하기' }).click()
    await eventually(async () => assert.equal(await page.evaluate('window.cancelled'), true))
  })

  it('questions are read aloud, one after the other', async () => {
    await page.goto('/care/forms/GDS-SF')
    await isSaid('지금의 생활에 대체로 만족하시나요')
    await isLarge('question')
    await page.getByRole('radio', { name: '예', exact: true }).check()
    await page.getByRole('button', { name: '다음' }).click()
    await isSaid('하던 활동이나 관심거리를')
  })

  it('words of a crisis are large, too', async () => {
    await page.goto('/care/mood')
    await page.locator('label', { hasText: '많이 힘들어요' }).click()
    await page.getByLabel('한마디 덧붙이기').fill('죽고 싶어요')
    await page.getByRole('button', { name: '남기기' }).click()
    await page.getByRole('alert', { name: '지금 꼭 읽어 주세요' }).waitFor()
    await checkCareScreen(page, 'senior safety')
    await isLarge('safety')
  })
})
