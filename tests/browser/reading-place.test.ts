import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page, WebSocketRoute } from 'playwright-core'
import sharp from 'sharp'
import { openGroup, register, type Message, type Person } from '../support/index.ts'
import { faultsOf, messageOf, PHONE, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })
const TALL = '\n줄이 많은 긴 글입니다'.repeat(11)
const LINE = '여기까지 읽었습니다'

describe('the place where one reads', () => {
  let writer: Person
  let reader: Person
  let page: Page
  let picture: FormData

  before(async () => {
    ;[writer, reader] = [await register(world.urls, '글쓴이'), await register(world.urls, '읽는이')]
    page = await world.open()
    await signInAs(page, reader.email)
    const bytes = await sharp({ create: { width: 600, height: 800, channels: 3, background: '#2a7' } })
      .png()
      .toBuffer()
    picture = new FormData()
    picture.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), '사진.png')
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  /** A room whose first messages were read. */
  async function newRoom(name: string, known = 3): Promise<number> {
    const { id } = await openGroup(writer, name, reader)
    for (let n = 1; n <= known; n++) await writer.say(id, `아는 말 ${n}`)
    await readAll(id)
    return id
  }
  const readAll = async (roomId: number) =>
    reader.post(`/chat-rooms/${roomId}/read`, { seq: (await positions(roomId)).last_seq })
  const sayAll = async (roomId: number, count: number, text: (n: number) => string) => {
    const said: Message[] = []
    for (let n = 1; n <= count; n++) said.push(await writer.say(roomId, text(n)))
    return said
  }
  const sendPicture = async (roomId: number): Promise<Message> => {
    const { id: file_id } = await writer.post<{ id: string }>('/files', picture)
    return writer.post<Message>(`/messages/${roomId}`, { message_type: 'image', file_id, content: '' })
  }
  const openRoom = async (name: string) => {
    await page.goto('/')
    await page.getByRole('link', { name: new RegExp(name) }).click()
    await page.locator('article[data-seq]').first().waitFor()
  }
  const positions = async (roomId: number) =>
    (await reader.room(roomId)) as unknown as { read_seq: number; last_seq: number }

  /** Messages of which half or more stands in the visible part of the log. */
  const onScreen = (): Promise<number[]> =>
    page.getByRole('log').evaluate((log) => {
      const { top, bottom } = log.getBoundingClientRect()
      return [...log.querySelectorAll('article[data-seq]')]
        .filter((row) => {
          const box = row.getBoundingClientRect()
          return Math.min(box.bottom, bottom) - Math.max(box.top, top) >= box.height / 2
        })
        .map((row) => Number(row.getAttribute('data-seq')))
    })

  /** The read position becomes what is seen, and is still that after another message has come. */
  async function readsWhatIsSeen(roomId: number): Promise<number> {
    const check = async () => {
      const seen = Math.max(...(await onScreen()))
      const { read_seq } = await positions(roomId)
      assert.ok(Math.abs(read_seq - seen) <= 1, `read up to ${read_seq}, seen up to ${seen}`)
      return read_seq
    }
    const before = await eventually(check)
    await writer.say(roomId, '그사이에 온 말')
    await page.getByRole('button', { name: /맨 아래로|새 메시지/ }).waitFor()
    assert.equal(await check(), before)
    return before
  }
  const lineIsSeen = async () => {
    const box = await page.getByText(LINE).boundingBox()
    const log = (await page.getByRole('log').boundingBox())!
    return box !== null && box.y >= log.y && box.y + box.height <= log.y + log.height
  }

  it('is the first unread message, however tall the unread ones are', async () => {
    const roomId = await newRoom('높은 글 방')
    const said = await sayAll(roomId, 8, (n) => `높은 글 ${n}${TALL}`)
    await openRoom('높은 글 방')
    await eventually(async () => assert.ok(await lineIsSeen()))
    const read = await readsWhatIsSeen(roomId)
    assert.ok(read < said.at(-1)!.seq - 3, `read up to ${read} of ${said.at(-1)!.seq}`)
    assert.ok(await lineIsSeen(), 'it stays there')
  })

  it('so too with pictures that come late, which nobody has seen before they are there', async () => {
    const roomId = await newRoom('사진 방')
    const said: Message[] = []
    for (let n = 0; n < 10; n++) said.push(await sendPicture(roomId))
    const held = Promise.withResolvers<void>()
    await page.route(/\/files\//, async (route) => {
      await held.promise
      await route.continue()
    })
    await openRoom('사진 방')
    await eventually(async () => assert.ok(await lineIsSeen()))
    const known = await positions(roomId)
    await writer.say(roomId, '사진 다음에 온 말')
    await page.getByRole('button', { name: /새 메시지/ }).waitFor()
    assert.equal((await positions(roomId)).read_seq, known.read_seq)
    assert.equal(known.read_seq, said[0]!.seq - 1)
    held.resolve()
    const read = await readsWhatIsSeen(roomId)
    assert.ok(read >= said[0]!.seq && read < said[4]!.seq, `read up to ${read}`)
    assert.ok(await lineIsSeen())
    await page.unroute(/\/files\//)
  })

  for (const [what, count] of [
    ['two', 2],
    ['400', 400],
    ['10,000', 10_000],
  ] as const)
    it(`of ${what} unread messages those on the screen are read`, async () => {
      const name = `읽지 않은 ${count}개`
      const roomId = await newRoom(name)
      for (let n = 0; n < count; n += 100)
        await Promise.all(
          Array.from({ length: Math.min(100, count - n) }, (_, at) =>
            writer.say(roomId, `말 ${n + at}${'\n줄'.repeat(at % 5)}`),
          ),
        )
      await openRoom(name)
      await eventually(async () => assert.ok(await lineIsSeen()))
      if (count === 2)
        return eventually(async () => {
          const { read_seq, last_seq } = await positions(roomId)
          assert.equal(read_seq, last_seq)
        })
      await readsWhatIsSeen(roomId)
    })

  it('what was jumped over stays unread, is offered, and can be marked', async () => {
    const roomId = await newRoom('건너뛴 방')
    await sayAll(roomId, 30, (n) => `건너뛸 말 ${n}${TALL}`)
    await openRoom('건너뛴 방')
    await eventually(async () => assert.ok(await lineIsSeen()))
    const { read_seq } = await eventually(async () => {
      const now = await positions(roomId)
      assert.ok(now.read_seq > 4)
      return now
    })
    await page.getByRole('button', { name: '맨 아래로' }).click()
    await messageOf(page, '건너뛸 말 30').waitFor()
    const offer = page.getByRole('button', { name: /안 읽은 메시지 \d+개/ })
    await offer.click()
    await offer.waitFor({ state: 'detached' })
    await eventually(async () => assert.ok((await onScreen()).includes(read_seq + 1)))
    await page.getByRole('button', { name: '맨 아래로' }).click()
    await offer.waitFor()
    const { read_seq: now, last_seq } = await positions(roomId)
    assert.ok(now < last_seq - 15, `read up to ${now} of ${last_seq}`)
    await page.getByRole('button', { name: '모두 읽음으로 표시' }).click()
    await eventually(async () => assert.equal((await positions(roomId)).read_seq, last_seq))
    await offer.waitFor({ state: 'detached' })
  })

  it('a place in the address is shown, marked, although tall messages follow it', async () => {
    const roomId = await newRoom('찾은 방')
    const said = await sayAll(roomId, 20, (n) => (n === 6 ? '찾던 말' : `뒤의 글 ${n}${TALL}`))
    await readAll(roomId)
    await page.goto(`/rooms/${roomId}?at=${said[5]!.seq}`)
    await page.locator('article.highlighted', { hasText: '찾던 말' }).waitFor()
    await eventually(async () => assert.ok((await onScreen()).includes(said[5]!.seq)))
    await writer.say(roomId, `찾은 뒤에 온 말 ${TALL}`)
    await page.getByRole('button', { name: /새 메시지/ }).waitFor()
    assert.ok((await onScreen()).includes(said[5]!.seq))
  })

  it('a reply leads to what it answers, and nothing between is read', async () => {
    const roomId = await newRoom('답장 방')
    const said = await sayAll(roomId, 18, (n) => `말 ${n}${TALL}`)
    await readAll(roomId)
    await writer.say(roomId, '대답', { reply_to: said[1]!.id })
    await openRoom('답장 방')
    await messageOf(page, '대답').getByRole('button', { name: /답장/ }).click()
    await page.locator(`article.highlighted[data-seq="${said[1]!.seq}"]`).waitFor()
    await eventually(async () => assert.ok((await onScreen()).includes(said[1]!.seq)))
  })

  it('is kept when one leaves the room and returns, and a day stands above what moves', async () => {
    const roomId = await newRoom('돌아올 방')
    await sayAll(roomId, 60, (n) => `말 ${n}${'\n줄'.repeat(n % 4)}`)
    await readAll(roomId)
    await openRoom('돌아올 방')
    await messageOf(page, '말 60').waitFor()
    await page.getByRole('log').hover()
    await page.mouse.wheel(0, -1_000)
    await page.locator('.day[aria-hidden]').waitFor()
    const anchor = (await eventually(async () => (await onScreen()).at(0)))!
    const top = () =>
      page.locator(`article[data-seq="${anchor}"]`).evaluate((row) => Math.round(row.getBoundingClientRect().top))
    const before = await top()
    for (const name of ['찾은 방', '돌아올 방']) {
      await page.getByRole('link', { name: new RegExp(name) }).click()
      await page.getByRole('heading', { name, level: 1 }).waitFor()
    }
    await eventually(async () =>
      assert.ok(Math.abs((await top()) - before) <= 3, `${await top()} instead of ${before}`),
    )
    // With something new one is led there instead.
    await page.getByRole('link', { name: /찾은 방/ }).click()
    await writer.say(roomId, '다녀온 사이에 온 말')
    await page.getByRole('link', { name: /돌아올 방.*온 말/ }).click()
    await messageOf(page, '다녀온 사이에 온 말').waitFor()
    await page.getByText(LINE).waitFor()
  })

  it('what comes while nobody looks at the page is not read, and begins with the line', async () => {
    const roomId = await newRoom('숨은 방')
    await openRoom('숨은 방')
    await messageOf(page, '아는 말 3').waitFor()
    const show = (state: string) =>
      page.evaluate(`
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' })
        document.dispatchEvent(new Event('visibilitychange'))`)
    await show('hidden')
    const said = await sayAll(roomId, 12, (n) => `숨은 동안 ${n}${TALL}`)
    await messageOf(page, '숨은 동안 1').waitFor()
    assert.ok((await positions(roomId)).read_seq < said[0]!.seq)
    await show('visible')
    await eventually(async () => assert.ok(await lineIsSeen()))
    await readsWhatIsSeen(roomId)
  })

  it('is kept when the room is loaded anew', async () => {
    const roomId = await newRoom('다시 읽는 방')
    const said = await sayAll(roomId, 150, (n) => `말 ${n}${'\n줄'.repeat(n % 4)}`)
    await readAll(roomId)
    const streams: WebSocketRoute[] = []
    await page.routeWebSocket(/\/api\//, (stream) => {
      stream.connectToServer()
      streams.push(stream)
    })
    await page.goto(`/rooms/${roomId}?at=${said[20]!.seq}`)
    const row = page.locator(`article.highlighted[data-seq="${said[20]!.seq}"]`)
    await row.waitFor()
    const place = page.locator(`article[data-seq="${said[20]!.seq}"]`)
    const top = () => place.evaluate((one) => Math.round(one.getBoundingClientRect().top))
    const before = await eventually(async () => {
      assert.ok((await onScreen()).includes(said[20]!.seq))
      return top()
    })
    const asked = page.waitForResponse(/messages\/\d+\?.*around_seq/)
    streams.at(-1)!.send(JSON.stringify({ type: 'resync_required', room_id: roomId, reason: 'too_much_missed' }))
    await asked
    await eventually(async () =>
      assert.ok(Math.abs((await top()) - before) <= 3, `${await top()} instead of ${before}`),
    )
  })

  it('however one moves, nothing is read that was not on the screen; and all of it is, once one has gone through it', async () => {
    const roomId = await newRoom('제멋대로 읽는 방')
    await sayAll(roomId, 90, (n) => `말 ${n}${'\n줄'.repeat((n * 7) % 12)}`)
    const { read_seq: first } = await positions(roomId)
    await openRoom('제멋대로 읽는 방')
    // Looks for itself, with each picture of the page.
    await page.evaluate(`
      window.wereSeen = new Set()
      const look = () => {
        const log = document.querySelector('[role=log]')
        const { top, bottom } = log.getBoundingClientRect()
        for (const row of log.querySelectorAll('[data-row]')) {
          const box = row.getBoundingClientRect()
          if (Math.min(box.bottom, bottom) - Math.max(box.top, top) >= box.height / 2 - 1) wereSeen.add(Number(row.dataset.row))
        }
        requestAnimationFrame(look)
      }
      look()`)
    const check = async () => {
      const { read_seq } = await positions(roomId)
      const seen = new Set(await page.evaluate<number[]>('[...wereSeen]'))
      for (let seq = first + 1; seq <= read_seq; seq++) assert.ok(seen.has(seq), `${seq} of ${read_seq} was not seen`)
    }
    await page.getByRole('log').hover()
    // The same moves each time, in an order that means nothing.
    let chance = 7
    const next = (below: number) => (chance = (chance * 1_103 + 12_345) % 65_536) % below
    for (let move = 0; move < 40; move++) {
      const kind = next(8)
      if (kind < 4) await page.mouse.wheel(0, next(3_000) - 1_200)
      else if (kind < 7) await page.keyboard.press(['PageDown', 'PageUp', 'End', 'Home', 'ArrowDown'][next(5)]!)
      else await writer.say(roomId, `온 말 ${move}`)
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
      await check()
    }
    await page.getByRole('log').focus()
    await page.keyboard.press('Home')
    await page.getByText('아는 말 1').waitFor()
    await eventually(
      async () => {
        await page.mouse.wheel(0, 250)
        await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')
        const { read_seq, last_seq } = await positions(roomId)
        assert.equal(read_seq, last_seq)
      },
      { timeoutMs: 20_000 },
    )
    await check()
  })

  it('on a phone with a slow network', async () => {
    const roomId = await newRoom('느린 방')
    const said = [...(await sayAll(roomId, 6, (n) => `느린 글 ${n}${TALL}`)), await sendPicture(roomId)]
    const desktop = page
    page = await world.open(PHONE)
    try {
      await signInAs(page, reader.email)
      const network = await page.context().newCDPSession(page)
      await network.send('Network.enable')
      await network.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 300,
        downloadThroughput: 50_000,
        uploadThroughput: 20_000,
      })
      await page.getByRole('link', { name: /느린 방/ }).click()
      await eventually(async () => assert.ok(await lineIsSeen()))
      const read = await readsWhatIsSeen(roomId)
      assert.ok(read < said.at(-2)!.seq, `read up to ${read}`)
      assert.deepEqual(faultsOf(page), [])
      await page.context().close()
    } finally {
      page = desktop
    }
  })
})
