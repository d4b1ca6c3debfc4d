/**
 * `npm run bench:web [-- --minutes N]`: the web client in a real browser: how long the first pictures take after the data is there,
 * whether scrolling stays smooth, and whether memory stays flat while messages come. Ends with 1 when a goal is missed.
 */
import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { createAccounts, emailOf, PASSWORD, type Account } from './harness/accounts.ts'
import { fillRooms } from './harness/data.ts'
import { json } from './harness/http.ts'
import { startProduct } from './harness/product.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } })
const MINUTES = Number(values.minutes)
const ROOMS = 100
const MESSAGES = 10_000
const RATE = 50
const SAMPLES = 7
const MB = 1024 * 1024

/** In the page, before it loads: long tasks, and when something first stands on the screen. */
const WATCH = `
  window.longTasks = []
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true })
  window.shown = {}
  const watch = () => {
    for (const [name, selector] of [['list', 'a.list-item'], ['room', 'article[data-seq]']])
      if (!(name in window.shown) && document.querySelector(selector)) window.shown[name] = performance.now()
  }
  new MutationObserver(watch).observe(document, { childList: true, subtree: true })
`
/** ms from the end of an answer to the picture made of it. */
const afterData = (page: Page, name: string, path: string) =>
  page.evaluate<number>(`
    (() => {
      const answers = performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname === '${path}')
      return window.shown['${name}'] - Math.max(...answers.map(({ responseEnd }) => responseEnd).filter((at) => at <= window.shown['${name}']))
    })()
  `)

execFileSync(process.execPath, ['apps/web/build.ts'], { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' })
let accounts: Account[] = []
let roomIds: number[] = []
const product = await startProduct({
  async prepare(folder) {
    accounts = await createAccounts(folder, ROOMS + 1)
    const [me, ...others] = accounts.map(({ id }) => id)
    const plans = others.map((id, i) => ({ members: [me!, id], messages: i === 0 ? MESSAGES : 20 }))
    roomIds = await fillRooms(folder, plans, { index: false })
  },
})
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
let missed = 0
const report = (what: string, value: number, unit: string, atMost: number) => {
  const reached = value <= atMost
  if (!reached) missed++
  console.log(
    `${what.padEnd(58)}${value.toFixed(1).padStart(9)} ${unit.padEnd(4)} ${reached ? 'reached' : 'MISSED'}: at most ${atMost}`,
  )
}
const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!

try {
  const context = await browser.newContext({ baseURL: product.urls.gateway, viewport: { width: 1280, height: 800 } })
  await context.addInitScript(WATCH)
  const page = await context.newPage()
  await page.goto('/signin')
  await page.getByLabel('이메일 또는 사용자 이름').fill(emailOf(0))
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '로그인', exact: true }).click()
  await page.locator('a.list-item').first().waitFor()

  const [list, room]: number[][] = [[], []]
  for (let i = 0; i < SAMPLES; i++) {
    await page.goto('/rooms')
    await page.locator('a.list-item').first().waitFor()
    list!.push(await afterData(page, 'list', '/api/chat-rooms'))
    await page.goto(`/rooms/${roomIds[0]}`)
    await page.locator('article[data-seq]').first().waitFor()
    room!.push(await afterData(page, 'room', `/api/messages/${roomIds[0]}`))
  }
  report(`list of ${ROOMS} rooms, after its data`, median(list!), 'ms', 200)
  report(`room of ${MESSAGES.toLocaleString('en')} messages, after its data`, median(room!), 'ms', 200)

  await page.evaluate('window.longTasks.length = 0')
  const log = page.getByRole('log')
  await log.hover()
  const oldest = () => page.locator('article[data-seq]').first().getAttribute('data-seq').then(Number)
  const began = performance.now()
  while ((await oldest()) > 1 && performance.now() - began < 180_000) {
    await page.mouse.wheel(0, -2_500)
    await page.waitForTimeout(16)
  }
  console.log(`scrolled to message ${await oldest()} in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
  report(
    'longest task while scrolling through all of them',
    Math.max(0, ...(await page.evaluate<number[]>('window.longTasks'))),
    'ms',
    100,
  )

  await page.goto(`/rooms/${roomIds[0]}`)
  await page.locator('article[data-seq]').first().waitFor()
  const client = await context.newCDPSession(page)
  const heap = async () => {
    await client.send('HeapProfiler.collectGarbage')
    const { usedSize } = await client.send('Runtime.getHeapUsage')
    return usedSize / MB
  }
  const sender = accounts[1]!
  const path = `${product.urls.chat}/messages/${roomIds[0]}`
  const sendFor = async (ms: number) => {
    const sent: ReturnType<typeof json>[] = []
    const until = performance.now() + ms
    for (let next = performance.now(); next < until; next += 1_000 / RATE) {
      await sleep(Math.max(0, next - performance.now()))
      sent.push(json('POST', path, sender.token, { content: `안녕하세요 ${next}` }))
    }
    // What was measured came: a sender that was refused would leave any page's memory flat.
    const answers = await Promise.all(sent)
    await page.locator(`article[data-seq='${String(answers.at(-1)!['seq'])}']`).waitFor()
    return answers.length
  }
  // Until as many messages are held as ever will be.
  await sendFor(50_000)
  const first = await heap()
  await page.evaluate('window.longTasks.length = 0')
  const count = await sendFor(MINUTES * 60_000)
  const last = await heap()
  console.log(`heap after ${count} messages in ${MINUTES} min: ${first.toFixed(1)} → ${last.toFixed(1)} MB`)
  report('growth of the heap', ((last - first) / first) * 100, '%', 15)
  report(
    'longest task while messages come',
    Math.max(0, ...(await page.evaluate<number[]>('window.longTasks'))),
    'ms',
    100,
  )
} finally {
  await browser.close()
  await product.stop()
}
process.exit(missed === 0 ? 0 : 1)
