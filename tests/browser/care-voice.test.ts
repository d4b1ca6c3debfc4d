import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { register, type Person } from '../support/index.ts'
import { faultsOf, PHONE, signInAs, startWorld, type World } from './browser.fixture.ts'
import { agreeToAnalysis, checkCareScreen } from './care.fixture.ts'

/** A recording of somebody who speaks Korean (wav), which the browser takes for what its microphone hears. */
const voice = process.env['CARE_VOICE'] ?? ''
const modelFile = process.env['CARE_WHISPER_MODEL'] ?? `${import.meta.dirname}/../../data/models/whisper.bin`

async function open(world: World, name: string): Promise<{ person: Person; page: Page }> {
  const person = await register(world.urls, name)
  await agreeToAnalysis(person)
  const page = await world.open(PHONE)
  await signInAs(page, person.email)
  await page.goto('/care')
  return { person, page }
}

async function speak(page: Page, seconds: number): Promise<void> {
  await page.getByRole('button', { name: '말하기' }).click()
  await page.getByRole('button', { name: `다 말했어요 0:0${seconds}` }).click()
}

describe('speaking to a server that has no model', async () => {
  const world = await startWorld({ after }, { CARE_WHISPER_MODEL: '/nowhere/whisper.bin' })

  it('says what is missing; the recording can be sent again, and one can write instead', async () => {
    const { page } = await open(world, '말하는이')
    await speak(page, 1)
    await page.getByRole('heading', { name: '끝까지 듣지 못했어요' }).waitFor()
    await page.getByText('npm run care:model', { exact: false }).waitFor()
    await checkCareScreen(page, 'care no model')
    const again = page.waitForResponse((answer) => answer.url().endsWith('/care/recordings'))
    await page.getByRole('button', { name: '다시 보내기' }).click()
    assert.equal((await again).status(), 503)
    assert.match((await again).request().headers()['content-type'] ?? '', /^multipart\/form-data/)
    await page.getByRole('button', { name: '글로 적기' }).click()
    await page.getByLabel('하고 싶은 이야기').fill('요즘 잠이 안 와요')
    await page.getByRole('button', { name: '보내기' }).click()
    await page.getByRole('heading', { name: '이렇게 적으셨어요' }).waitFor()
    assert.deepEqual(faultsOf(page), [])
  })

  it('what is too short is not sent, and what one throws away is gone', async () => {
    const { page } = await open(world, '짧은이')
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    await page.getByRole('button', { name: '말하기' }).click()
    await page.getByRole('button', { name: /다 말했어요/ }).click()
    await page.getByText('녹음이 너무 짧습니다', { exact: false }).waitFor()
    await page.getByRole('button', { name: '말하기' }).click()
    await page.getByRole('button', { name: '다 말했어요 0:01' }).waitFor()
    await page.getByRole('button', { name: '녹음 버리기' }).click()
    await page.getByRole('button', { name: '말하기' }).waitFor()
    assert.deepEqual(
      sent.filter((url) => url.includes('/care/')),
      [],
    )
    assert.deepEqual(faultsOf(page), [])
  })
})

const missing = existsSync(modelFile)
  ? existsSync(voice)
    ? false
    : 'no recording of a voice (CARE_VOICE: a wav file of somebody who speaks Korean)'
  : 'no model (npm run care:model, or CARE_WHISPER_MODEL)'

describe('speaking, with a model', { skip: missing }, async () => {
  if (missing) return
  const world = await startWorld({ after }, { CARE_WHISPER_MODEL: modelFile }, [
    `--use-file-for-fake-audio-capture=${voice}`,
  ])

  it('“I heard you” comes at once, then how far it is, and what was understood', { timeout: 120_000 }, async () => {
    const { page } = await open(world, '말하는이')
    await speak(page, 5)
    await page.getByRole('heading', { name: '들었어요' }).waitFor()
    await page.getByRole('progressbar', { name: '진행' }).waitFor()
    await checkCareScreen(page, 'care listening')
    // Somebody who looks at something else meanwhile finds it where it is.
    await page.getByRole('link', { name: '기록' }).click()
    await page.getByRole('link', { name: '이야기' }).click()
    await page.getByRole('heading', { name: '이렇게 들었어요' }).waitFor({ timeout: 90_000 })
    await page.getByText(/걸어\s?갔다/).waitFor()
    await page.getByText('진단이 아닙니다', { exact: false }).first().waitFor()
    await checkCareScreen(page, 'care heard')
    await page.getByRole('link', { name: '기록' }).click()
    await page.getByText('말은 남기지 않았습니다').waitFor()
    assert.deepEqual(faultsOf(page), [])
  })

  it('a line that is cut meanwhile is said, and it goes on once it is back', { timeout: 120_000 }, async () => {
    const { page } = await open(world, '끊긴이')
    const accepted = page.waitForResponse((answer) => answer.url().endsWith('/care/recordings') && answer.ok())
    await speak(page, 5)
    await accepted
    await page.route('**/api/care/recordings/*', (route) => route.abort())
    await page.getByText('연결이 끊겼어요', { exact: false }).waitFor({ timeout: 30_000 })
    await page.unroute('**/api/care/recordings/*')
    await page.getByRole('heading', { name: '이렇게 들었어요' }).waitFor({ timeout: 90_000 })
    assert.deepEqual(faultsOf(page), [])
  })

  it('a page that is loaded anew meanwhile takes it up', { timeout: 120_000 }, async () => {
    const { page } = await open(world, '새로연이')
    const accepted = page.waitForResponse((answer) => answer.url().endsWith('/care/recordings') && answer.ok())
    await speak(page, 5)
    await accepted
    await page.reload()
    await page.getByRole('heading', { name: '이렇게 들었어요' }).waitFor({ timeout: 90_000 })
    assert.deepEqual(faultsOf(page), [])
  })
})
