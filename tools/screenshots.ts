/** `npm run screenshots`: the pictures of docs/screenshots, of a new demo world in a real browser. Look at each before committing. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { config } from '@bigtech/server/config'
import { callServicesAt, seedDemoData } from '@bigtech/server/demo'
import { nullLogger } from '@bigtech/telemetry'
import type { BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import { attach, DESKTOP, PHONE, signInAs, startWorld } from '../tests/browser/browser.fixture.ts'
import { openGroup, register, registerAdmin } from '../tests/support/index.ts'

const FOLDER = join(import.meta.dirname, '../docs/screenshots')
const shown: { name: string; what: string }[] = []

const cleanups: (() => unknown)[] = []
try {
  mkdirSync(FOLDER, { recursive: true })
  const world = await startWorld({ after: (cleanup) => void cleanups.push(cleanup) }, { DEMO_DATA: 'true' })
  const settings = config.parse({ DATA_DIR: world.dataDir })
  await seedDemoData(callServicesAt(world.urls), settings, nullLogger, new AbortController().signal)

  const enter = async (name: string, options: BrowserContextOptions): Promise<Page> => {
    const page = await world.open(options)
    await page.goto('/signin')
    await page.getByRole('button', { name }).click()
    await page.getByRole('heading', { name: '채팅', exact: true }).waitFor()
    return page
  }
  const shoot = async (page: Page, name: string, what: string) => {
    // Fonts and pictures that are on their way, and the end of a transition.
    await page.waitForTimeout(700)
    const picture = await page.screenshot({ animations: 'disabled' })
    await sharp(picture)
      .webp({ quality: 72 })
      .toFile(join(FOLDER, `${name}.webp`))
    shown.push({ name, what })
  }
  const openRoom = async (page: Page, name: RegExp) => {
    await page.locator('a.list-item', { hasText: name }).first().click()
    await page.getByRole('log').waitFor()
  }

  const page = await world.open(DESKTOP)
  await page.goto('/signin')
  await page.getByText('체험 계정').waitFor()
  await shoot(page, 'sign-in', 'Sign in, with the demo accounts / 로그인')
  await page.goto('/signup')
  await shoot(page, 'sign-up', 'Sign up / 회원가입')
  await page.context().close()

  const minsu = await enter('김민수', DESKTOP)
  await openRoom(minsu, /./)
  const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#7fb7d9' } })
    .composite([
      {
        input: Buffer.from(
          '<svg width="900" height="600"><circle cx="680" cy="150" r="70" fill="#ffe9a8"/><path d="M0 460 250 220 430 400 600 280 900 520V600H0Z" fill="#3f7f6b"/></svg>',
        ),
      },
    ])
    .png()
    .toBuffer()
  await attach(minsu, { name: '한라산.png', mimeType: 'image/png', buffer: picture })
  await minsu
    .getByRole('button', { name: /사진 크게 보기/ })
    .last()
    .locator('img')
    .waitFor()
  await minsu.getByRole('button', { name: '음성 메시지 녹음' }).click()
  await minsu.getByRole('timer').filter({ hasText: '0:02' }).waitFor()
  await minsu.getByRole('button', { name: '음성 보내기' }).click()
  await minsu.getByRole('button', { name: '재생', exact: true }).last().waitFor()
  await shoot(minsu, 'conversation', 'A conversation / 대화')
  await minsu.getByRole('button', { name: '채팅방 정보' }).click()
  await openRoom(minsu, /점심/)
  await minsu.getByText('멤버', { exact: false }).first().waitFor()
  await shoot(minsu, 'room-details', 'Members, roles, invitation and pins of a room / 채팅방 정보')
  const friend = await enter('이지우', DESKTOP)
  await friend.goto('/friends')
  await shoot(friend, 'friends', 'Friends, presence and suggestions / 친구')
  await friend.context().close()
  for (const [name, path, what] of [
    ['profile', '/settings/profile', 'Profile / 프로필'],
    ['look', '/settings/look', 'Look / 화면'],
    ['notification-settings', '/settings/notifications', 'What one is told of, and how / 알림 설정'],
    ['devices', '/settings/devices', 'Sessions and devices / 로그인한 기기'],
    ['password', '/settings/password', 'Password / 비밀번호'],
    ['account', '/settings/account', 'Data export and closure / 내 데이터와 탈퇴'],
  ] as const) {
    await minsu.goto(path)
    await shoot(minsu, name, what)
  }
  await minsu.goto('/rooms')
  await minsu.getByRole('button', { name: /^알림/ }).click()
  await minsu.getByRole('dialog', { name: '알림' }).getByRole('listitem').first().waitFor()
  await shoot(minsu, 'notifications', 'Notifications / 알림')
  await minsu.keyboard.press('Escape')
  await minsu.getByRole('searchbox').fill('점심')
  await minsu.locator('mark').first().waitFor()
  await shoot(minsu, 'search', 'Search over all messages / 검색')
  await minsu.getByRole('searchbox').fill('')
  await minsu.getByRole('button', { name: '새 채팅' }).click()
  await shoot(minsu, 'new-room', 'A new room / 새 채팅')
  await minsu.context().close()

  const jiwoo = await enter('이지우', { ...DESKTOP, colorScheme: 'dark' })
  await openRoom(jiwoo, /./)
  await shoot(jiwoo, 'dark', 'In the dark / 어두운 화면')
  await jiwoo.context().close()

  const seoyeon = await enter('박서연', PHONE)
  await shoot(seoyeon, 'phone-rooms', 'Rooms on a phone / 휴대전화의 채팅 목록')
  await openRoom(seoyeon, /./)
  await shoot(seoyeon, 'phone-conversation', 'A conversation on a phone / 휴대전화의 대화')
  await seoyeon.context().close()

  const halmoni = await enter('할머니', PHONE)
  await halmoni.goto('/settings/look')
  await halmoni.getByRole('switch', { name: /어르신 모드/ }).check()
  await halmoni.goto('/senior')
  await halmoni.getByRole('heading').first().waitFor()
  if (await halmoni.getByText('어느 방에서').count()) await halmoni.locator('button.list-item').first().click()
  await shoot(halmoni, 'senior', 'Senior mode / 어르신 모드')
  await halmoni.context().close()

  const admin = await registerAdmin(world)
  const operator = await world.open(DESKTOP)
  await signInAs(operator, admin.email)
  for (const [name, path, what] of [
    ['topics', '/ops/topics', 'Operations: topics and their events / 토픽'],
    ['outbox', '/ops/outbox', 'Operations: outboxes / 아웃박스'],
    ['dead-letters', '/ops/dlq', 'Operations: dead letters / DLQ'],
    ['statistics', '/ops/statistics', 'Operations: statistics / 통계'],
    ['health', '/ops/health', 'Operations: health / 상태'],
  ] as const) {
    await operator.goto(path)
    if (name === 'statistics') await operator.locator('.uplot canvas').nth(4).waitFor()
    if (name === 'topics') await operator.getByRole('button', { name: 'message.events', exact: true }).click()
    await shoot(operator, name, what)
  }
  await operator.goto('/ops/live')
  // Some traffic, so that the charts have something to show.
  const others = await Promise.all(['가온', '나래'].map((name) => register(world.urls, name)))
  const room = await openGroup(admin, '부하', ...others)
  for (let second = 0; second < 24; second++) {
    await Promise.all(Array.from({ length: 5 + (second % 7) * 3 }, (_, n) => admin.say(room.id, `${second}.${n}`)))
    await operator.waitForTimeout(1_000)
  }
  await shoot(operator, 'operations', 'Operations: live charts / 운영')

  const lines = shown.map(({ name, what }) => `## ${what}\n\n![${what}](${name}.webp)\n`)
  writeFileSync(join(FOLDER, 'README.md'), `# Screens\n\nMade by \`npm run screenshots\`.\n\n${lines.join('\n')}`)
} finally {
  for (const cleanup of cleanups.toReversed()) await cleanup()
}
process.exit()
