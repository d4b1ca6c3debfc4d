import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { openGroup, registerAll, type Message } from '../support/index.ts'
import { faultsOf, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })
const [bora, jiho] = await registerAll(world.urls, '보라', '지호')
const room = await openGroup(bora, '독서 모임', jiho)

it('a search shows who wrote, marks every word as it was written, and finds files by their name', async () => {
  await jiho.say(room.id, 'Café 옆에서 C++ 책을 읽자')
  await bora.say(room.id, '물 가져와')
  const form = new FormData()
  form.set('file', new Blob(['%PDF-1.4\n%%EOF'], { type: 'application/pdf' }), '감상문 2권.pdf')
  const { id: file_id } = (await jiho.call('POST', '/files', { body: form })).json() as { id: string }
  await jiho.post<Message>(`/messages/${room.id}`, { message_type: 'file', file_id })

  const page = await world.open()
  await signInAs(page, bora.email)
  const box = page.getByRole('searchbox', { name: '채팅방, 메시지 검색' })
  const hit = page.locator('li', { has: page.locator('mark') })
  const search = async (words: string, marks: string[], ...seen: string[]) => {
    await box.fill(words)
    await hit.locator('mark', { hasText: marks[0]! }).first().waitFor()
    assert.deepEqual(await hit.locator('mark').allTextContents(), marks)
    const text = (await hit.textContent()) ?? ''
    for (const part of seen) assert.ok(text.includes(part), `${text} without ${part}`)
  }
  await search('cafe c++', ['Café', 'C++'], '독서 모임', '지호:')
  await search('물', ['물'], '보라:', '물 가져와')
  await search('감상문', ['감상문'], '지호:', '2권.pdf')
  if (process.env['SCREENSHOT']) await page.screenshot({ path: process.env['SCREENSHOT'] })
  await box.fill('없는말')
  await page.getByText('‘없는말’ 검색 결과가 없습니다').waitFor()
  for (const unsearchable of ['\u3164', '"', '_']) {
    await box.fill(unsearchable)
    await page.getByText('검색할 말이 없습니다').waitFor()
    await box.fill('물')
    await hit.first().waitFor()
  }

  // In the room itself everybody knows the room: the line is headed by the person.
  await box.fill('cafe')
  await hit.getByRole('link').click()
  await page.locator('article', { hasText: 'Café' }).waitFor()
  assert.deepEqual(faultsOf(page), [])
})
