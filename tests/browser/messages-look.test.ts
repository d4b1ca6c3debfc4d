import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openGroup, register, type Person } from '../support/index.ts'
import { composerOf, faultsOf, messageOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })
const LONG = `${'긴 글입니다 '.repeat(300)}끝`

describe('how messages look', () => {
  let reader: Person
  let writer: Person
  let page: Page
  let roomId: number

  before(async () => {
    reader = await register(world.urls, '읽는이')
    writer = await register(world.urls, '글쓴이')
    roomId = (await openGroup(writer, '모양 방', reader)).id
    page = await world.open(PHONE)
    await signInAs(page, reader.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  async function sendFile(message_type: string, name: string, type: string, bytes: Uint8Array): Promise<void> {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes)], { type }), name)
    const { id: file_id } = await writer.post<{ id: string }>('/files', form)
    await writer.post(`/messages/${roomId}`, { message_type, file_id, content: '' })
  }
  const picture = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#2a7' } })
      .png()
      .toBuffer()
  const inside = async (row: string) => {
    const box = (await page.locator(row).last().boundingBox())!
    assert.ok(box.x >= 0 && box.x + box.width <= 390, `${row}: ${box.x} … ${box.x + box.width}`)
    return box
  }

  it('tall and wide pictures are no strips, and open whole', async () => {
    await page.goto(`/rooms/${roomId}`)
    for (const [name, width, height] of [
      ['세로.png', 60, 2_400],
      ['가로.png', 2_400, 60],
    ] as const) {
      await sendFile('image', name, 'image/png', await picture(width, height))
      const shown = page.getByRole('button', { name: `사진 크게 보기: ${name}` })
      await shown.locator('img').waitFor()
      const box = (await shown.boundingBox())!
      assert.ok(box.width >= 70 && box.height >= 70 && box.width <= 300 && box.height <= 300, JSON.stringify(box))
      await shown.click()
      const large = page.locator('dialog img')
      await large.waitFor()
      const { width: across, height: down } = (await large.boundingBox())!
      assert.equal(Math.min(across, down), 60, 'as wide as it is, and one scrolls along it')
      await page.keyboard.press('Escape')
      await large.waitFor({ state: 'detached' })
    }
  })

  for (const senior of [false, true])
    it(`a voice message fits a phone${senior ? ' with the letters of senior mode' : ''}`, async () => {
      await page.evaluate(`localStorage.setItem('bigtech-chat:settings', '${JSON.stringify({ senior })}')`)
      await page.goto(`/rooms/${roomId}`)
      await sendFile('voice', '말.wav', 'audio/wav', tone(3))
      await page.locator('.voice').last().waitFor()
      const bubble = await inside('.bubble:has(.voice)')
      for (const part of ['.play', '.shape', '.time', '.speed']) {
        const box = await inside(`.voice ${part}`)
        assert.ok(box.x >= bubble.x && box.x + box.width <= bubble.x + bubble.width, `${part} in its bubble`)
        assert.ok(box.width >= 20, part)
      }
      await page.evaluate(`localStorage.removeItem('bigtech-chat:settings')`)
    })

  it('emoji are in colour', async () => {
    await page.goto(`/rooms/${roomId}`)
    for (const emoji of ['😀', '❤']) {
      await writer.say(roomId, emoji)
      const { data } = await sharp(await messageOf(page, emoji).locator('.text').screenshot())
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      let coloured = 0
      for (let at = 0; at < data.length; at += 3) {
        const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!]
        if (Math.max(r, g, b) - Math.min(r, g, b) > 80) coloured++
      }
      assert.ok(coloured > 100, `${emoji}: ${coloured} coloured pixels`)
    }
  })

  it('long texts are folded, and shown whole when one asks', async () => {
    await page.goto(`/rooms/${roomId}`)
    await writer.say(roomId, LONG)
    const row = messageOf(page, '긴 글입니다')
    await row.getByRole('button', { name: '전체보기' }).waitFor()
    const folded = await row.locator('.text').innerText()
    assert.ok(folded.length <= 501 && folded.endsWith('…') && LONG.startsWith(folded.slice(0, -1)))
    await row.getByRole('button', { name: '전체보기' }).click()
    await row.getByRole('button', { name: '접기' }).waitFor()
    await eventually(async () => {
      const [box, log] = [(await row.boundingBox())!, (await page.getByRole('log').boundingBox())!]
      assert.ok(box.height > log.height && box.y >= log.y, 'one reads on from where one was')
    })
    assert.equal(await row.locator('.text').innerText(), LONG)
    await row.getByRole('button', { name: '접기' }).click()
    await row.getByRole('button', { name: '전체보기' }).waitFor()
    const top = async () => (await row.boundingBox())!.y - (await page.getByRole('log').boundingBox())!.y
    await eventually(async () => assert.ok((await top()) >= 0, 'its beginning is seen'))
  })

  it('what one has just sent is seen, however many lines it has', async () => {
    await page.goto(`/rooms/${(await openGroup(writer, '긴 기록', reader)).id}`)
    const lines = Array.from({ length: 60 }, (_, at) => `줄 ${at}`)
    await composerOf(page).fill(lines.join('\n'))
    await composerOf(page).press('Enter')
    await messageOf(page, '줄 3').getByRole('button', { name: '전체보기' }).waitFor()
  })

  it('badges have room for what they say, on a phone and beside the lists of a desktop', async () => {
    await page.goto('/')
    for (let n = 0; n < 310; n += 62)
      await Promise.all(Array.from({ length: 62 }, (_, at) => writer.say(roomId, `말 ${n + at}`)))
    const badge = page.getByRole('link', { name: /모양 방/ }).locator('.badge')
    await badge.filter({ hasText: '300+' }).waitFor()
    await page.locator('nav a .badge', { hasText: '99+' }).waitFor()
    for (const one of ['nav a .badge', 'a.list-item .badge'])
      assert.ok((await inside(one)).height <= 24, `${one} in one line`)
    const box = await inside('nav a .badge')
    const link = (await page.locator('nav a', { has: page.locator('.badge') }).boundingBox())!
    assert.ok(
      box.x >= link.x && box.x + box.width <= link.x + link.width,
      `over its own sign: ${JSON.stringify([box, link])}`,
    )
    await page.setViewportSize({ width: 900, height: 800 })
    const beside = (await page.locator('nav a .badge').boundingBox())!
    assert.ok(beside.height <= 24 && beside.x + beside.width <= 76, JSON.stringify(beside))
  })
})

/** Seconds of a tone as a WAV file. */
function tone(seconds: number): Uint8Array {
  const rate = 8_000
  const samples = rate * seconds
  const file = Buffer.alloc(44 + samples)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + samples, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(rate, 28)
  file.writeUInt16LE(1, 32)
  file.writeUInt16LE(8, 34)
  file.write('data', 36)
  file.writeUInt32LE(samples, 40)
  for (let at = 0; at < samples; at++) file[44 + at] = 128 + 100 * Math.sin(at / 3)
  return file
}
