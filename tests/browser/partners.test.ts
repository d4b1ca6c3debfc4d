import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import type { Page } from 'playwright-core'
import { openDirect, register, type Person } from '../support/index.ts'
import { composerOf, DESKTOP, faultsOf, messageOf, PASSWORD, say, signInAs, startWorld } from './browser.fixture.ts'
import { findings } from './axe.fixture.ts'

const world = await startWorld({ after })

/** The other one of a direct room, when nothing can be said to them. */
describe('somebody one cannot write to', () => {
  let me: Person
  let page: Page

  before(async () => {
    me = await register(world.urls, '나')
    page = await world.open()
    await signInAs(page, me.email)
  })
  after(() => assert.deepEqual(faultsOf(page), []))

  const closed = () => page.getByText('탈퇴한 사용자입니다', { exact: false })
  async function closes(person: Person): Promise<void> {
    await person.call('DELETE', '/users/me', { body: { password: PASSWORD } })
    await eventually(async () => {
      const [shown] = await me.get<{ status: string }[]>(`/users?user_ids=${person.id}`)
      assert.equal(shown?.status, 'closed')
    })
  }

  it('whom one blocked is said where one would write, with the way back; the draft stays, and they are told nothing', async () => {
    const other = await register(world.urls, '시끄러운이')
    const { id } = await openDirect(other, me)
    await other.say(id, '안녕')
    await page.goto(`/rooms/${id}`)
    await composerOf(page).fill('쓰다 만 말')
    await page.getByRole('button', { name: '채팅방 정보' }).click()
    await page.getByRole('complementary').getByRole('button', { name: '차단' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '차단', exact: true }).click()
    const notice = page.getByText('차단한 사람입니다', { exact: false })
    await notice.waitFor()
    assert.equal(await composerOf(page).count(), 0)
    await messageOf(page, '안녕').locator('.bubble').click({ button: 'right' })
    await page.getByRole('menuitem', { name: '반응' }).waitFor()
    assert.equal(await page.getByRole('menuitem', { name: '답장' }).count(), 0)
    await page.keyboard.press('Escape')
    assert.deepEqual(await findings(page), [])

    const theirs = await world.open(DESKTOP)
    await signInAs(theirs, other.email)
    await theirs.goto(`/rooms/${id}`)
    await composerOf(theirs).waitFor()
    assert.doesNotMatch(await theirs.locator('#conversation').innerText(), /차단|block/i)
    assert.deepEqual(faultsOf(theirs), [])
    await theirs.context().close()

    await page.reload()
    await notice.waitFor()
    await page.getByRole('button', { name: '차단 해제' }).click()
    await composerOf(page).waitFor()
    assert.equal(await composerOf(page).inputValue(), '쓰다 만 말')
    // What is blocked elsewhere, too, is known at once.
    await me.call('PUT', `/friends/blocks/${other.id}`)
    await notice.waitFor()
  })

  it('whose account is closed is said when one comes, and when one was there and writes', async () => {
    const [gone, going] = [await register(world.urls, '떠난이'), await register(world.urls, '떠날이')]
    const [past, present] = [await openDirect(gone, me), await openDirect(going, me)]
    await gone.say(past.id, '잘 있어요')
    await going.say(present.id, '아직 있어요')
    await closes(gone)
    await page.goto(`/rooms/${past.id}`)
    await closed().waitFor()
    assert.equal(await composerOf(page).count(), 0)
    await messageOf(page, '잘 있어요').waitFor()

    await page.goto(`/rooms/${present.id}`)
    await say(page, '네')
    await closes(going)
    await composerOf(page).fill('거기 있어요?')
    await composerOf(page).press('Enter')
    await closed().waitFor()
    assert.equal(await composerOf(page).count(), 0)
  })
})
