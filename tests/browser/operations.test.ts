import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { UserProfileUpdated } from '@bigtech/user-service/contract'
import type { Page } from 'playwright-core'
import { openGroup, register, registerAdmin, type Person } from '../support/index.ts'
import { faultsOf, signInAs, startWorld } from './browser.fixture.ts'

const world = await startWorld({ after })

describe('operations', () => {
  let page: Page
  let minji: Person

  before(async () => {
    const admin = await registerAdmin(world)
    minji = await register(world.urls, '민지')
    const room = await openGroup(minji, '일', await register(world.urls, '하루'))
    await minji.say(room.id, '세금계산서')
    page = await world.open()
    await signInAs(page, admin.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  it('are not for everybody', async () => {
    const other = await world.open()
    await signInAs(other, minji.email)
    assert.equal(await other.getByRole('link', { name: '운영' }).count(), 0)
    await other.goto('/ops')
    await other.getByRole('heading', { name: '채팅', exact: true }).waitFor()
    assert.equal(new URL(other.url()).pathname, '/rooms')
    await other.context().close()
  })

  it('show live figures', async () => {
    await page.getByRole('link', { name: '운영' }).click()
    await page.getByText('메시지 합계').waitFor()
    await page.locator('.uplot canvas').first().waitFor()
  })

  it('show topics, and the events in them', async () => {
    await page.getByRole('link', { name: '토픽' }).click()
    await page.getByRole('button', { name: 'message.events', exact: true }).click()
    await page.getByText('MessageSent').first().waitFor()
  })

  it('show an event that could not be handled, and handle it again', async () => {
    const friends = new DatabaseSync(join(world.dataDir, 'friend.db'), { timeout: 5_000 })
    friends.exec('ALTER TABLE profiles RENAME TO profiles_away')
    const profile = { username: 'minji2', display_name: '민지2', profile_image_url: null, status_message: null }
    await world.server.profile.bus.publish([
      UserProfileUpdated.make({ user_id: minji.id, ...profile, status: 'active' }),
    ])
    await page.getByRole('link', { name: 'DLQ' }).click()
    await page
      .getByText(/no such table: profiles/)
      .first()
      .waitFor()
    friends.exec('ALTER TABLE profiles_away RENAME TO profiles')
    await page.locator('summary', { hasText: 'friend-service' }).click()
    await page.getByRole('button', { name: '다시 처리', exact: true }).first().click()
    await page.getByText('실패한 이벤트가 없습니다').waitFor()
    const named = friends.prepare('SELECT display_name FROM profiles WHERE user_id = ?').get(minji.id)
    assert.equal(named?.['display_name'], '민지2')
    friends.close()
  })

  it('show outboxes and the health of each part', async () => {
    await page.getByRole('link', { name: '아웃박스' }).click()
    await page.getByText('모든 이벤트가 발행되었습니다.').first().waitFor()
    await page.getByRole('link', { name: '상태' }).click()
    await page.getByText('정상').first().waitFor()
    assert.equal(await page.getByText('장애').count(), 0)
  })
})
