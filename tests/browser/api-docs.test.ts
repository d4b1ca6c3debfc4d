import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { chromium } from 'playwright-core'
import { startTestServer } from '../support/index.ts'

const { urls } = await startTestServer({ after })

/** A machine of a home network, as others there see it: a name that is not this machine, and no TLS. */
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--host-resolver-rules=MAP chat.home.lan 127.0.0.1'],
})
after(() => browser.close())

for (const [service, url] of Object.entries(urls))
  it(`/docs of ${service} over plain HTTP`, async () => {
    const page = await browser.newPage()
    const failed: string[] = []
    page.on('requestfailed', (request) => failed.push(`${request.url()}: ${request.failure()?.errorText}`))
    page.on('pageerror', (error) => failed.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') failed.push(message.text())
    })
    await page.goto(`http://chat.home.lan:${new URL(url).port}/docs`)
    await page.locator('.opblock').first().waitFor({ timeout: 10_000 })
    assert.equal(await page.evaluate('isSecureContext'), false, 'as on a LAN')
    // A request of the page's own: what is tried out there must not ask for TLS either.
    const health = page.locator('#operations-operations-health')
    // Of a long list only what is in sight is drawn.
    await eventually(async () => {
      if ((await health.count()) > 0) return
      await page.mouse.wheel(0, 400)
      throw new Error('it is not in sight yet')
    })
    await health.locator('.opblock-summary').click()
    await health.getByRole('button', { name: 'Try it out' }).click()
    await health.getByRole('button', { name: 'Execute' }).click()
    await health.locator('.live-responses-table').getByText('"healthy"').first().waitFor()
    assert.deepEqual(failed, [])
    await page.close()
  })
