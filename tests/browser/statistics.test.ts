import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { CareWeekCounted } from '@bigtech/ai-service/contract'
import { chatTopics, MessageSent } from '@bigtech/chat-service/contract'
import type { CareStatistics, StatisticsOverview } from '@bigtech/client'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { registerAdmin, type Person } from '../support/index.ts'
import { faultsOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })
const DAY_MS = 86_400_000
const DAYS = 40

describe('statistics', () => {
  let page: Page
  let admin: Person
  let messages = 0

  before(async () => {
    assert.ok(chatTopics.some(({ name }) => name === 'message.events'))
    admin = await registerAdmin(world)
    const records = Array.from({ length: DAYS }, (_, day) =>
      Array.from({ length: 4 + ((day * 5) % 9) }, (_unused, n) => {
        const seq = ++messages
        const fields = { message_id: `msg_900_${seq}`, room_id: 900, user_id: 901 + (n % 4), seq, rev: seq }
        const message_type = n % 5 === 4 ? 'image' : 'text'
        const said = {
          ...fields,
          content: '안녕하세요',
          message_type,
          reply_to: null,
          reply_to_user_id: null,
          mentions: [],
          mentions_everyone: false,
          file_id: null,
        }
        return MessageSent.make(said, { now: Date.now() - day * DAY_MS - n * 600_000 })
      }),
    )
    await world.server.profile.bus.publish(records.flat())
    await eventually(async () => {
      const { range, before: earlier } = await admin.get<StatisticsOverview>('/analytics/overview')
      assert.ok(range.messages + earlier.figures.messages >= messages, 'all have arrived')
    })
    page = await world.open()
    await signInAs(page, admin.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  it('show a month beside the one before, as figures, charts and tables', async () => {
    await page.getByRole('link', { name: '운영' }).click()
    await page.getByRole('link', { name: '통계' }).click()
    await page.getByText('일간 활동 (DAU)').waitFor()
    assert.equal(await page.locator('.uplot canvas').count(), 5)
    // What a figure beside a line is: a sum, or that of the latest day.
    const beside = await page.locator('figcaption').allInnerTexts()
    assert.deepEqual(
      beside.map((text) => [/합계 [\d,]+/.test(text), /최근 [\d,]+/.test(text)]),
      [
        [true, false],
        [false, true],
        [true, false],
        [false, true],
        [true, false],
      ],
    )
    await page.getByRole('heading', { name: '가입 뒤의 발걸음' }).waitFor()
    await page.getByText('채팅방 #900').waitFor()
    if (process.env['LOOK']) await page.screenshot({ path: `${process.env['LOOK']}/statistics.png`, fullPage: false })
  })

  it('are of the days that are chosen', async () => {
    await page.getByRole('button', { name: '최근 7일' }).click()
    const figure = page.locator('dl div', { hasText: '메시지' }).first().locator('b')
    const week = Array.from({ length: 7 }, (_, day) => 4 + ((day * 5) % 9)).reduce((sum, n) => sum + n)
    await eventually(async () => assert.ok(Math.abs(Number(await figure.textContent()) - week) < 10))
    await page.getByLabel('시작일').fill('2024-01-01')
    await page.getByLabel('종료일').fill('2024-01-03')
    await eventually(async () => assert.equal(await figure.textContent(), '0'))
    await page.getByRole('button', { name: '최근 30일' }).click()
  })

  it('are downloaded as tables', async () => {
    for (const [name, begin] of [
      ['CSV 내려받기', '\uFEFFstart,messages'],
      ['Parquet 내려받기', 'PAR1'],
    ] as const) {
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name }).click()
      const file = await readFile(await (await download).path())
      assert.ok(file.toString().startsWith(begin), name)
    }
  })

  it('tell of care by week, of five people and more', async () => {
    await page.getByText('이 기간에 다섯 명 이상이 남긴 주가 없습니다.').waitFor()
    const weeks = [14, 7].map((days) => new Date(Date.now() - days * DAY_MS).toISOString())
    const measures = { all: 9, voice: 7, 'cue:sleep': 6 }
    await world.server.profile.bus.publish(
      weeks.flatMap((week_start) =>
        Object.entries(measures).map(([measure, people]) =>
          CareWeekCounted.make({ week_start, measure, people, entries: 3 * people }, { now: Date.now() }),
        ),
      ),
    )
    await eventually(async () => {
      const { items } = await admin.get<CareStatistics>('/analytics/care')
      assert.equal(items.length, weeks.length)
    })
    await page.getByRole('button', { name: '최근 90일' }).click()
    await page.getByRole('row', { name: '표현: 잠 6 18' }).waitFor()
    await page.getByText('찾은 표현의 수이며 진단이 아닙니다').waitFor()
    if (process.env['LOOK'])
      await page.screenshot({ path: `${process.env['LOOK']}/statistics-care.png`, fullPage: true })
    await page.getByRole('button', { name: '최근 30일' }).click()
  })

  it('are made anew on demand', async () => {
    await page.getByRole('button', { name: '다시 집계' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '다시 집계' }).click()
    await page.getByText('통계를 다시 만들었습니다').waitFor()
    await page.getByText('채팅방 #900').waitFor()
  })

  it('say so when there are none yet, and fit a phone', async () => {
    const phone = await world.open(PHONE)
    await signInAs(phone, admin.email)
    await phone.goto('/ops/statistics')
    await phone.getByText('일간 활동 (DAU)').waitFor()
    const wide = await phone.evaluate('document.documentElement.scrollWidth > window.innerWidth')
    assert.equal(wide, false)
    await phone.route('**/api/analytics/overview*', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), facts: 0 } })
    })
    await phone.reload()
    await phone.getByText('아직 통계가 없습니다').waitFor()
    await phone.context().close()
  })
})
