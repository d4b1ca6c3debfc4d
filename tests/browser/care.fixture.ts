import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Person } from '../support/index.ts'
import { findings } from './axe.fixture.ts'

export const WIDTHS = [320, 390, 768, 1280] as const

/** What every care screen owes: the numbers to call are there, it fits each width, and axe-core finds nothing serious. */
export async function checkCareScreen(page: Page, name: string): Promise<void> {
  const lines = page.getByRole('complementary', { name: /언제든 전화할 수 있어요|You can call/ })
  await lines.waitFor()
  assert.equal(await lines.getByRole('link').first().getAttribute('href'), 'tel:109', name)
  await checkFits(page, name)
  assert.deepEqual(await findings(page), [], name)
  if (process.env['LOOK']) await look(page, name)
}

export async function checkFits(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()!
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: before.height })
    const surplus = await page.evaluate<string[]>(`(() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
      const areas = [...document.querySelectorAll('.care > .scroll, .section.scroll')]
      const inner = areas.filter((area) => area.scrollWidth > area.clientWidth).map((area) => area.className)
      return wide > 0 ? ['the page', ...inner] : inner
    })()`)
    assert.deepEqual(surplus, [], `${name} at ${width} px is wider than the window`)
  }
  await page.setViewportSize(before)
}

/** Everything that can be read and is smaller than this, px. */
export const smallerThan = (page: Page, least: number): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const found = new Set()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node; (node = walker.nextNode());) {
      const words = node.textContent.trim()
      const element = node.parentElement
      if (!words || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      if (element.closest('.visually-hidden, [aria-hidden=true], script, style')) continue
      const size = parseFloat(getComputedStyle(element).fontSize)
      if (size < ${least}) found.add(\`\${size} px: \${words.slice(0, 40)}\`)
    }
    return [...found]
  })()`)

async function look(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()!
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 })
    await page.screenshot({ path: `${process.env['LOOK']}/${name.replaceAll(/\W+/gu, '-')}-${width}.png` })
  }
  await page.setViewportSize(before)
}

/** As they would on the screen of consents, in the present words. */
export async function agreeToAnalysis(person: Person): Promise<void> {
  const { items } = await person.get<{ items: { kind: string; version: number }[] }>('/care/consents')
  const { version } = items.find(({ kind }) => kind === 'analysis')!
  await person.put('/care/consents/analysis', { version })
}
