import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { call, ok, openGroup, register, type Person } from '../support/index.ts'
import { faultsOf, messageOf, signInAs, startWorld } from './browser.fixture.ts'

const MARKUP = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'

const world = await startWorld({ after })

describe('hostile texts stay texts', () => {
  let page: Page
  let victim: Person
  let roomId: number

  before(async () => {
    victim = await register(world.urls, '피해자')
    const attacker = await register(world.urls, '공격', { display_name: `공격 ${MARKUP}`.slice(0, 50) })
    const room = await openGroup(attacker, `방 ${MARKUP}`, victim)
    roomId = room.id
    await attacker.say(roomId, MARKUP)
    await attacker.say(
      roomId,
      '눌러 보세요 javascript:window.broken=1 data:text/html,<script>1</script> https://example.com/"><b>x</b>',
    )
    const form = new FormData()
    form.set('file', new Blob(['<script>window.broken=1</script>'], { type: 'text/html' }), `${MARKUP}.html`)
    const file = await ok<{ id: string }>(
      call('POST', `${world.urls.gateway}/api/files`, { token: attacker.token, body: form }),
    )
    await attacker.say(roomId, '', { message_type: 'file', file_id: file.id })
    await attacker.patch('/profile/me', { status_message: MARKUP })
    page = await world.open()
    await signInAs(page, victim.email)
    await page.goto(`/rooms/${roomId}`)
    await messageOf(page, '눌러 보세요').waitFor()
  })

  it('in messages, names, room names and file names', async () => {
    await page.getByRole('button', { name: '채팅방 정보' }).click()
    await page.getByText('멤버 2명').waitFor()
    assert.equal(await page.evaluate('window.broken'), undefined)
    assert.equal(await page.locator('main img[src="x"], main script').count(), 0)
    assert.ok((await page.getByText(MARKUP, { exact: true }).count()) > 0, 'the message is shown as it was written')
  })

  it('only web addresses become links, and they open without a way back', async () => {
    const links = page.locator('article .text a')
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    assert.ok(hrefs.length > 0 && hrefs.every((href) => href?.startsWith('https://example.com')), String(hrefs))
    assert.match((await links.first().getAttribute('rel')) ?? '', /noopener/)
  })

  it('the page runs no inline script and nothing from elsewhere', async () => {
    const answer = await fetch(`${world.urls.gateway}/rooms/1`, { headers: { accept: 'text/html' } })
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /script-src 'self'(;|$)/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.match(policy, /frame-ancestors 'none'/)
    const ran = await page.evaluate(`
      const script = document.createElement('script')
      script.textContent = 'window.broken = 1'
      document.body.append(script)
      window.broken
    `)
    assert.equal(ran, undefined)
    // The refusal itself is reported, and nothing else.
    assert.ok(
      faultsOf(page).every((fault) => /Content Security Policy/.test(fault)),
      faultsOf(page).join('\n'),
    )
  })

  it('an address that leads away after the sign-in is not followed', async () => {
    const other = await world.open()
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example']) {
      await other.goto(`/signin?next=${encodeURIComponent(next)}`)
      await other.getByLabel('이메일 또는 사용자 이름').fill(victim.email)
      await other.getByLabel('비밀번호', { exact: true }).fill('Test1234!@')
      await other.getByRole('button', { name: '로그인', exact: true }).click()
      await other.getByRole('heading', { name: '채팅', exact: true }).waitFor()
      assert.equal(new URL(other.url()).origin, world.urls.gateway)
      await other.goto('/settings/profile')
      await other.getByRole('button', { name: '로그아웃' }).click()
      await other.getByRole('button', { name: '로그인', exact: true }).waitFor()
    }
  })
})
