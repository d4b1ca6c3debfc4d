import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  CareAlertRaised,
  CareConsentChanged,
  CareConsentsOutdated,
  CareLinkAsked,
  CareLinkEnded,
  CareLinkGranted,
} from '@bigtech/ai-service/contract'
import type { NotificationView } from '../../contract/schemas.ts'
import { JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

type Inbox = { items: NotificationView[]; unread_count: number }

const [SENIOR, GUARDIAN] = [MINSU, JIWOO]
const pair = { senior_id: SENIOR, guardian_id: GUARDIAN }
const alert = (alert_id: number, kind: 'crisis' | 'quiet' | 'questionnaire' | 'cues') =>
  CareAlertRaised.make({ ...pair, alert_id, kind })

async function start(t: TestContext) {
  const service = await startService(t)
  const inbox = async (user: number) => {
    await service.handled()
    return (await service.call<Inbox>(user, 'GET', '/notifications')).body.items
  }
  const texts = async (user: number) => (await inbox(user)).map(({ text }) => text)
  return { ...service, inbox, texts }
}

describe('what is told of care', () => {
  it('is that somebody asks for a link, and agrees to one, until it is answered or ended', async (t) => {
    const { tell, inbox, texts } = await start(t)
    const link = { ...pair, link_id: 5, asked_by: SENIOR }
    await tell(CareLinkAsked.make(link))
    const [asked] = await inbox(GUARDIAN)
    assert.deepEqual([asked!.text, asked!.link], ['민수님이 돌봄을 함께하자고 했어요', '/care/family'])
    assert.deepEqual(await texts(SENIOR), [])
    await tell(CareLinkGranted.make(link))
    assert.deepEqual([await texts(GUARDIAN), await texts(SENIOR)], [[], ['지우님이 돌봄을 함께하기로 했어요']])
    await tell(CareLinkAsked.make({ ...link, link_id: 6, asked_by: GUARDIAN }))
    assert.equal((await texts(SENIOR))[0], '지우님이 돌봄을 함께하자고 했어요')
    await tell(CareLinkEnded.make({ ...pair, link_id: 6, ended_by: SENIOR }))
    assert.deepEqual(await texts(SENIOR), ['지우님이 돌봄을 함께하기로 했어요'])
  })

  it('is that there is something about whom one looks after, and never what: neither on devices nor in the list', async (t) => {
    const { tell, inbox, device, arrived } = await start(t)
    await device(GUARDIAN, 'phone')
    await tell(alert(1, 'quiet'), alert(2, 'questionnaire'), alert(3, 'cues'))
    await tell(alert(4, 'crisis'))
    const notes = await inbox(GUARDIAN)
    const text = '민수님의 돌봄 알림이 있어요'
    assert.deepEqual(
      notes.map((note) => note.text),
      [text, text],
    )
    const pushed = await arrived()
    assert.ok(pushed.length > 0 && pushed.every(({ payload }) => payload.body === text))
    const told = JSON.stringify([notes, pushed])
    for (const word of ['crisis', 'questionnaire', 'cues', 'quiet', '위기', '우울'])
      assert.ok(!told.includes(word), word)
  })

  it('is told at any hour of a crisis, else not in quiet hours; in the list always', async (t) => {
    const { tell, texts, call, device, arrived } = await start(t)
    await device(GUARDIAN, 'phone')
    const quiet_hours = { from: '00:00', to: '00:00', time_zone: 'Asia/Seoul' }
    const change = { quiet_hours, kinds: { care_alert: { push: true } } }
    assert.equal((await call(GUARDIAN, 'PUT', '/notifications/settings', change)).status, 200)
    await call(GUARDIAN, 'PUT', '/notifications/settings', { kinds: { care_alert: { in_app: false } } })
    await tell(alert(1, 'questionnaire'))
    assert.deepEqual(await arrived(), [])
    assert.equal((await texts(GUARDIAN)).length, 1)
    await tell(alert(2, 'crisis'))
    assert.equal((await arrived()).length, 1)
  })

  it('is withdrawn with the consent by which it was told, and with the link', async (t) => {
    const { tell, texts } = await start(t)
    const withdrawn = (kind: 'guardian' | 'crisis_notice' | 'analysis') =>
      CareConsentChanged.make({ user_id: SENIOR, kind, subject: String(GUARDIAN), version: 1, given: false })
    await tell(alert(1, 'cues'), alert(2, 'crisis'), withdrawn('analysis'))
    assert.equal((await texts(GUARDIAN)).length, 2)
    await tell(withdrawn('crisis_notice'))
    assert.equal((await texts(GUARDIAN)).length, 1)
    await tell(withdrawn('guardian'))
    assert.equal((await texts(GUARDIAN)).length, 0)
    await tell(alert(3, 'cues'), CareLinkEnded.make({ ...pair, link_id: 1, ended_by: SENIOR }))
    assert.equal((await texts(GUARDIAN)).length, 0)
  })

  it('is that words have changed which somebody agreed to, until there are none left to read again', async (t) => {
    const { tell, inbox, device, arrived } = await start(t)
    await device(SENIOR, 'phone')
    const outdated = (count: number) => CareConsentsOutdated.make({ user_id: SENIOR, count })
    await tell(outdated(2), outdated(3))
    const notes = await inbox(SENIOR)
    assert.deepEqual(
      notes.map(({ text, link }) => [text, link]),
      [['돌봄에 동의하신 문구가 바뀌었어요. 다시 읽고 정해 주세요', '/settings/care']],
    )
    assert.equal((await arrived()).length, 1)
    await tell(outdated(0))
    assert.deepEqual(await inbox(SENIOR), [])
  })

  it('is told once for an event that comes twice', async (t) => {
    const { tell, inbox, device, arrived } = await start(t)
    await device(GUARDIAN, 'phone')
    const event = alert(1, 'crisis')
    await tell(event, event)
    assert.equal((await inbox(GUARDIAN)).length, 1)
    assert.equal((await arrived()).length, 1)
  })
})
