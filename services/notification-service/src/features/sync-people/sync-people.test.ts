import assert from 'node:assert/strict'
import { it } from 'node:test'
import { UserBlocked, UserUnblocked } from '@bigtech/friend-service/contract'
import { toldAgain } from '@bigtech/messaging/testing'
import { UserProfileUpdated } from '@bigtech/user-service/contract'
import { JIWOO, MINSU, startService } from '../../notification-service.fixture.ts'

const named = (display_name: string) =>
  UserProfileUpdated.make({
    user_id: JIWOO,
    username: 'jiwoo',
    display_name,
    profile_image_url: null,
    status_message: null,
    status: 'active',
  })

it('what was lost and is told again after what is newer does not stay: what is newer is told again after it', async (t) => {
  const { tell, handled, database } = await startService(t)
  const [lost, newer] = [named('옛 이름'), named('새 이름')]
  const pair = { user_id: JIWOO, blocked_user_id: MINSU }
  const [lostBlock, newerEnd] = [UserBlocked.make(pair), UserUnblocked.make(pair)]
  await tell(newer, newerEnd, ...[lost, newer, lostBlock, newerEnd].map(toldAgain))
  await handled()
  assert.equal((await database.people.people([JIWOO])).get(JIWOO)?.display_name, '새 이름')
  assert.deepEqual((await database.people.blocks([JIWOO])).get(JIWOO) ?? new Set(), new Set())
})
