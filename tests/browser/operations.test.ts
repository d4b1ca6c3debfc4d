import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { UserProfileUpdated } from '@bigtech/user-service/contract'
import type { OpsMetrics, PartitionState, ServiceHealth } from '@bigtech/client'
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
    assert.equal(await page.getByRole('table').count(), 0, 'one process is not listed')
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

  it('show partitions: none where one process writes everything, and those without an owner first of all', async () => {
    await page.getByRole('link', { name: '파티션' }).click()
    await page.getByText('나뉜 파티션이 없습니다').waitFor()
    await page.getByText('한 프로세스가 모든 채팅을 기록합니다.').waitFor()
    const owner = { process: 'chat-1', term: 3, is_serving: true, n: 1_204, unapplied: 0, unpublished: 2, waiting: 5 }
    const seen = [
      { process: 'chat-1', n: 1_204 },
      { process: 'chat-2', n: 1_201 },
    ]
    const nobody = { name: 'chat-3', detail: 'no answer within 2000 ms' }
    await changeAnswers<{ items: PartitionState[]; away: object[] }>(page, 'partitions', () => ({
      items: [
        { partition: 0, owner, seen },
        { partition: 1, owner: { ...owner, process: 'chat-2', is_serving: false, n: 0, unpublished: null }, seen },
        { partition: 2, owner: null, seen },
      ],
      away: [nobody],
    }))
    // The screen asks again by itself.
    const table = page.getByRole('table', { name: '파티션' })
    await table.getByRole('row', { name: /^0 chat-1 3 1,204 0 2 5 1,204 1,201$/ }).waitFor()
    await table.getByRole('row', { name: /^1 chat-2 인계 중 3 – – – 5 1,204 1,201$/ }).waitFor()
    await table.getByRole('row', { name: /^2 소유자 없음 – – – – – 1,204 1,201$/ }).waitFor()
    await table.getByRole('row', { name: /chat-3 장애 no answer within 2000 ms/ }).waitFor()
    const alert = page.getByRole('alert').filter({ hasText: '파티션 1개에 소유자가 없습니다' })
    await alert.waitFor()
    await page.unrouteAll({ behavior: 'wait' })
  })

  it('show each process when there are several, and what is wrong with it', async () => {
    const states = { database: { status: 'up' as const }, events: { status: 'down' as const, detail: '브로커 없음' } }
    const away = { service: 'chat-service', name: 'node-3', detail: 'no answer within 2000 ms' }
    // The server of this test is one process: its answers get what two more would add.
    await changeAnswers<OpsMetrics>(page, 'metrics', (metrics) => {
      const second = { ...metrics.processes[0]!, id: 'second', name: 'node-2', services: ['user-service'] }
      return { ...metrics, processes: [...metrics.processes, { ...second, uptime_s: 183_900 }], away: [away] }
    })
    await changeAnswers<{ items: ServiceHealth[] }>(page, 'health', ({ items }) => ({
      items: items.map((one) => {
        const second = { name: 'node-2', process: 'second', status: 'up' as const, checks: states }
        if (one.service === 'user-service') return { ...one, instances: [...one.instances, second] }
        const { service, ...third } = { ...away, process: null, status: 'down' as const, checks: {} }
        return one.service === service ? { ...one, instances: [...one.instances, third] } : one
      }),
    }))
    await changeAnswers<{ items: object[]; away: string[] }>(page, 'outbox', ({ items }) => ({
      items: items.slice(0, 2),
      away: ['chat-service'],
    }))

    await page.getByRole('link', { name: '실시간' }).click()
    const processes = page.getByRole('table', { name: '프로세스' })
    await processes.getByRole('row', { name: /node-2 user-service 장애 events 2일 3시간/ }).waitFor()
    await processes.getByRole('row', { name: /node-3 chat-service 장애 no answer within 2000 ms/ }).waitFor()
    assert.equal(await processes.getByRole('row').count(), 4)
    await page.getByRole('link', { name: '상태' }).click()
    await page.getByRole('row', { name: /user-service node-2 events 장애 브로커 없음/ }).waitFor()
    await page.getByRole('row', { name: /user-service node-2 database 정상/ }).waitFor()
    await page.getByRole('row', { name: /chat-service node-3 프로세스 장애 no answer/ }).waitFor()
    await page.getByRole('link', { name: '아웃박스' }).click()
    await page.getByRole('row', { name: /chat-service 장애 응답하는 프로세스가 없습니다/ }).waitFor()
    assert.equal(await page.getByText('모든 이벤트가 발행되었습니다.').count(), 0)
    await page.unrouteAll({ behavior: 'wait' })
  })
})

async function changeAnswers<T>(page: Page, path: string, change: (answer: T) => T): Promise<void> {
  await page.route(`**/api/ops/${path}`, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: change((await response.json()) as T) })
  })
}
