import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { register, type Person } from '../support/index.ts'
import { faultsOf, PASSWORD, PHONE, signInAs, startWorld } from './browser.fixture.ts'
import { agreeToAnalysis, checkCareScreen } from './care.fixture.ts'

const world = await startWorld({ after })

type Entries = { items: { kind: string; mood: number | null; text: string | null; safety_level: string }[] }

describe('care', () => {
  let elder: Person
  let page: Page
  before(async () => {
    elder = await register(world.urls, '어르신')
    await agreeToAnalysis(elder)
    page = await world.open(PHONE)
    await signInAs(page, elder.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const entries = async () => (await elder.get<Entries>('/care/entries')).items
  const safety = () => page.getByRole('alert', { name: '지금 꼭 읽어 주세요' })

  it('has words for who has nothing kept yet', async () => {
    await page.goto('/care/history')
    await page.getByText('아직 기록이 없습니다').waitFor()
    await checkCareScreen(page, 'care history empty')
    await page.getByLabel('종류').selectOption('mood')
    await page.getByText('아직 기록이 없습니다').waitFor()
  })

  it('a text is sent, and what was found in it is shown with its phrases marked, the method and that it is no diagnosis', async () => {
    await page.goto('/care')
    await page.getByRole('button', { name: '말하기' }).waitFor()
    await checkCareScreen(page, 'care talk')
    await page.getByRole('button', { name: '글로 적기' }).click()
    await page.getByLabel('하고 싶은 이야기').fill('요즘 잠이 안 와요. 손주가 보고 싶어요.')
    await page.getByRole('button', { name: '보내기' }).click()
    await page.getByRole('heading', { name: '이렇게 적으셨어요' }).waitFor()
    assert.match((await page.locator('mark').allTextContents()).join(), /잠/)
    await page.getByText('진단이 아닙니다', { exact: false }).first().waitFor()
    await page.getByText('어떻게 찾았나').click()
    await page.getByText(/정해 둔 표현과 견주어/).waitFor()
    assert.equal(await safety().count(), 0)
    await checkCareScreen(page, 'care found')
    assert.deepEqual(
      (await entries()).map(({ kind, text }) => [kind, text]),
      [['text', null]],
    )
  })

  it('where nothing is found it says “no cue”, and never that all is well', async () => {
    await page.getByRole('button', { name: '또 이야기하기' }).click()
    await page.getByRole('button', { name: '글로 적기' }).click()
    await page.getByLabel('하고 싶은 이야기').fill('점심에 국수를 먹었어요.')
    await page.getByRole('switch', { name: '내 말을 그대로 남기기' }).check()
    await page.getByRole('button', { name: '보내기' }).click()
    await page.getByText('단서 없음', { exact: true }).waitFor()
    await page.getByText('괜찮다는 뜻이 아니라', { exact: false }).first().waitFor()
    assert.doesNotMatch(await page.locator('main').innerText(), /정상/)
    assert.equal((await entries())[0]!.text, '점심에 국수를 먹었어요.')
  })

  it('words of a crisis are answered at once, above all else, with numbers to press', async () => {
    await page.goto('/care/mood')
    await page.locator('label', { hasText: '많이 힘들어요' }).click()
    await page.getByLabel('한마디 덧붙이기').fill('죽고 싶어요')
    await checkCareScreen(page, 'care mood')
    await page.getByRole('button', { name: '남기기' }).click()
    await safety().getByText('말해 줘서 고마워요', { exact: false }).waitFor()
    assert.equal(await safety().getByRole('link').first().getAttribute('href'), 'tel:109')
    await page.getByText('오늘 기분을 남겼어요', { exact: false }).waitFor()
    const above = await safety().boundingBox()
    const below = await page.getByText('오늘 기분을 남겼어요', { exact: false }).boundingBox()
    assert.ok(above!.y < below!.y)
    await checkCareScreen(page, 'care safety')
    assert.equal((await entries())[0]!.mood, 1)
    await page.getByRole('link', { name: '흐름' }).click()
    await safety().waitFor()
    await safety().getByRole('button', { name: '읽었어요' }).click()
    await safety().waitFor({ state: 'detached' })
  })

  it('a questionnaire asks one question a page, goes back and on, and ends as a screening with its ranges', async () => {
    await page.goto('/care/forms')
    await page.getByText('기분 살펴보기 (PHQ-9)').waitFor()
    await checkCareScreen(page, 'care forms')
    await page.getByRole('link', { name: /불안 살펴보기/ }).click()
    for (let place = 1; place <= 7; place++) {
      await page.getByText(`7개 가운데 ${place}번째`).waitFor()
      await page.getByRole('radio', { name: place === 7 ? '거의 매일' : '일주일 이상' }).check()
      if (place === 2) {
        await checkCareScreen(page, 'care question')
        await page.getByRole('button', { name: '이전' }).click()
        await page.getByText('7개 가운데 1번째').waitFor()
        assert.equal(await page.getByRole('radio', { name: '일주일 이상' }).isChecked(), true)
        await page.getByRole('button', { name: '다음' }).click()
        assert.equal(await page.getByRole('radio', { name: '일주일 이상' }).isChecked(), true)
      }
      await page.getByRole('button', { name: place === 7 ? '결과 보기' : '다음' }).click()
    }
    await page.getByRole('heading', { name: '선별검사 결과' }).waitFor()
    await page.getByText('21점 가운데 15점').waitFor()
    await page.getByText('진단이 아닙니다', { exact: false }).first().waitFor()
    await page.getByText('10점부터는 전문가와', { exact: false }).waitFor()
    await page.getByText('10–14점').waitFor()
    await checkCareScreen(page, 'care result')
    await page.goto('/care/forms/NOTHING')
    await page.getByText('찾을 수 없는 페이지입니다').waitFor()
  })

  it('the trend shows days, weeks and months as lines and as a table', async () => {
    await page.goto('/care/trend')
    const table = page.getByRole('table')
    await table.getByText('잠의 어려움').waitFor()
    await table
      .getByText(/뚜렷함 · 기록 \d개에서/)
      .first()
      .waitFor()
    await table.getByText('21점 가운데 15점', { exact: false }).waitFor()
    assert.equal(await page.locator('.uplot canvas').count(), 2)
    await checkCareScreen(page, 'care trend')
    for (const by of ['일', '달', '주']) {
      await page.getByRole('button', { name: by, exact: true }).click()
      await page.locator(`button[aria-pressed=true]`, { hasText: by }).waitFor()
      await table.getByText('잠의 어려움').waitFor()
    }
  })

  it('everything that is kept is listed, downloaded, deleted one by one and all at once', async () => {
    await page.goto('/care/history')
    await page.locator('article').nth(3).waitFor()
    assert.equal(await page.locator('article').count(), 4)
    await page.getByText('말은 남기지 않았습니다').first().waitFor()
    await page.getByText('점심에 국수를 먹었어요.').waitFor()
    await page.locator('article', { hasText: '많이 힘들어요' }).getByText('위기 신호').waitFor()
    await checkCareScreen(page, 'care history')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '모두 내려받기' }).click()
    const file = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
      entries: { text: string | null }[]
    }
    assert.ok(file.entries.some(({ text }) => text === '점심에 국수를 먹었어요.'))
    await page.getByLabel('종류').selectOption('questionnaire')
    await eventually(async () => assert.equal(await page.locator('article').count(), 1))
    await page.getByText(/GAD-7 · 선별검사 결과/).waitFor()
    await page.getByRole('button', { name: '삭제' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '삭제' }).click()
    await page.getByText('아직 기록이 없습니다').waitFor()
    await page.getByLabel('종류').selectOption('')
    await eventually(async () => assert.equal(await page.locator('article').count(), 3))
    await page.getByRole('button', { name: '모두 지우기' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '모두 지우기' }).click()
    await page.getByText('아직 기록이 없습니다').waitFor()
    assert.deepEqual(await entries(), [])
  })

  it('what is begun stays while one looks at another page, until it is handed in or one signs out', async () => {
    const tab = (name: string) =>
      page.getByRole('navigation', { name: '마음 돌봄' }).getByRole('link', { name }).click()
    const words = page.getByLabel('하고 싶은 이야기')
    const note = page.getByLabel('한마디 덧붙이기')
    const face = () => page.getByRole('radio', { name: '좋아요', exact: true })
    await page.goto('/care')
    await page.getByRole('button', { name: '글로 적기' }).click()
    await words.fill('쓰다 만 이야기')
    await tab('오늘 기분')
    await face().check({ force: true })
    await note.fill('쓰다 만 한마디')
    await tab('살펴보기')
    await page.getByRole('link', { name: /불안 살펴보기/ }).click()
    for (const place of [1, 2]) {
      await page.getByText(`7개 가운데 ${place}번째`).waitFor()
      await page.getByRole('radio', { name: '일주일 이상' }).check()
      await page.getByRole('button', { name: '다음' }).click()
    }
    await page.getByText('7개 가운데 3번째').waitFor()

    await tab('이야기')
    assert.equal(await words.inputValue(), '쓰다 만 이야기')
    await tab('오늘 기분')
    assert.deepEqual([await face().isChecked(), await note.inputValue()], [true, '쓰다 만 한마디'])
    await page.getByRole('button', { name: '남기기' }).click()
    await page.getByRole('status').getByRole('heading').waitFor()
    await tab('살펴보기')
    await page.getByRole('link', { name: /불안 살펴보기/ }).click()
    await page.getByText('7개 가운데 3번째').waitFor()
    await tab('오늘 기분')
    await note.waitFor()
    assert.deepEqual([await face().isChecked(), await note.inputValue()], [false, ''])

    // The page is not loaded anew: whoever signs in there may be somebody else.
    await page.getByRole('link', { name: '동의 관리' }).click()
    await page.getByRole('link', { name: '뒤로' }).click()
    await page.getByRole('button', { name: '로그아웃' }).click()
    await page.getByLabel('이메일 또는 사용자 이름').fill(elder.email)
    await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: '로그인', exact: true }).click()
    await page.getByRole('navigation', { name: '주 메뉴' }).getByRole('link', { name: '돌봄' }).click()
    await page.getByRole('button', { name: '글로 적기' }).click()
    assert.equal(await words.inputValue(), '')
  })
})
