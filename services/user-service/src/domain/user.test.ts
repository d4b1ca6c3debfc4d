import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as decide from './decide-user.ts'
import { evolve, redactEvent, replay, type User, type UserEvent } from './user.ts'

const registered = decide.decideRegister({ email: ' A@B.kr ', username: '김철수', phone: ' ', age: 3 })
const active = evolve(undefined, 7, registered, 1)
const after = (user: User, ...events: UserEvent[]) => events.reduce((state, event) => evolve(state, 7, event, 9), user)
const inactive = after(active, { type: 'UserStatusChanged', data: { status: 'inactive', by: 1 } })
const closing = after(active, { type: 'UserClosureRequested', data: { saga_id: 's' } })
const closed = after(closing, { type: 'UserClosed', data: { saga_id: 's' } })

describe('decisions', () => {
  const commands: Record<string, (user: User) => UserEvent[]> = {
    'sign in': (user) => decide.decideLogIn(user, { id: 'x', device: null }, []),
    'sign out': (user) => decide.decideLogOut(user, 'x'),
    rename: (user) => decide.decideUpdateProfile(user, { display_name: 'new' }),
    'rename to the same': (user) => decide.decideUpdateProfile(user, { display_name: user.display_name }),
    'set image': (user) => decide.decideChangeImage(user, 'k'),
    'change password': (user) => decide.decideChangePassword(user, 'user'),
    deactivate: (user) => decide.decideChangeStatus(user, 'inactive', 1),
    activate: (user) => decide.decideChangeStatus(user, 'active', 1),
    'deactivate oneself': (user) => decide.decideChangeStatus(user, 'inactive', 7),
    promote: (user) => decide.decideChangeRole(user, 'admin', 1),
    'promote oneself': (user) => decide.decideChangeRole(user, 'admin', 7),
    'request closure': (user) => decide.decideRequestClosure(user, 's2'),
    'finish closure': (user) => decide.decideEndClosure(user, 's', { closed: true }),
    'finish another closure': (user) => decide.decideEndClosure(user, 'zzz', { closed: true }),
    'cancel closure': (user) => decide.decideEndClosure(user, 's', { closed: false, reason: 'r' }),
  }
  const outcome = (command: (user: User) => UserEvent[], user: User): string => {
    try {
      return command(user)
        .map((event) => event.type)
        .join()
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  const columns = { active, inactive, closing, closed }
  const table: Record<string, Record<keyof typeof columns, string>> = {
    'sign in': { active: 'UserLoggedIn', inactive: 'ACCOUNT_INACTIVE', closing: 'ACCOUNT_CLOSING', closed: 'CREDENTIALS_INVALID' },
    'sign out': { active: 'UserLoggedOut', inactive: 'UserLoggedOut', closing: 'UserLoggedOut', closed: '' },
    rename: { active: 'UserProfileUpdated', inactive: 'UserProfileUpdated', closing: 'ACCOUNT_CLOSING', closed: 'USER_NOT_FOUND' },
    'rename to the same': { active: '', inactive: '', closing: 'ACCOUNT_CLOSING', closed: 'USER_NOT_FOUND' },
    'set image': { active: 'UserProfileImageChanged', inactive: 'UserProfileImageChanged', closing: 'ACCOUNT_CLOSING', closed: 'USER_NOT_FOUND' },
    'change password': { active: 'UserPasswordChanged', inactive: 'UserPasswordChanged', closing: 'ACCOUNT_CLOSING', closed: 'USER_NOT_FOUND' },
    deactivate: { active: 'UserStatusChanged', inactive: '', closing: 'ACCOUNT_CLOSING', closed: 'USER_NOT_FOUND' },
    activate: { active: '', inactive: 'UserStatusChanged', closing: 'ACCOUNT_CLOSING', closed: 'USER_NOT_FOUND' },
    'deactivate oneself': { active: 'OWN_ACCOUNT', inactive: 'OWN_ACCOUNT', closing: 'OWN_ACCOUNT', closed: 'OWN_ACCOUNT' },
    promote: { active: 'UserRoleChanged', inactive: 'UserRoleChanged', closing: 'ACCOUNT_CLOSING', closed: 'USER_NOT_FOUND' },
    'promote oneself': { active: 'OWN_ACCOUNT', inactive: 'OWN_ACCOUNT', closing: 'OWN_ACCOUNT', closed: 'OWN_ACCOUNT' },
    'request closure': { active: 'UserClosureRequested', inactive: 'ACCOUNT_INACTIVE', closing: 'ACCOUNT_CLOSING', closed: 'CREDENTIALS_INVALID' },
    'finish closure': { active: '', inactive: '', closing: 'UserClosed', closed: '' },
    'finish another closure': { active: '', inactive: '', closing: '', closed: '' },
    'cancel closure': { active: '', inactive: '', closing: 'UserClosureCancelled', closed: '' },
  } // prettier-ignore
  for (const [name, expected] of Object.entries(table))
    for (const [state, user] of Object.entries(columns))
      it(`${name}, ${state}: ${expected[state as keyof typeof columns] || 'nothing'}`, () => {
        assert.equal(outcome(commands[name]!, user), expected[state as keyof typeof columns])
      })
})

describe('the aggregate', () => {
  it('normalises what people type', () => {
    assert.deepEqual(
      [active.email, active.username, active.display_name, active.phone, active.age],
      ['a@b.kr', '김철수', '김철수', null, 3],
    )
    const nfd = decide.decideRegister({ email: 'a@b.kr', username: '김철수'.normalize('NFD') })
    assert.equal(nfd.data.username, '김철수'.normalize('NFC'))
  })

  it('a cancelled closure gives back exactly what was there', () => {
    const back = after(closing, { type: 'UserClosureCancelled', data: { saga_id: 's', reason: 'r' } })
    assert.deepEqual({ ...back, updated_at: 0 }, { ...active, updated_at: 0 })
  })

  it('a redacted stream replays to the same closed user and holds nothing personal', () => {
    const stream: UserEvent[] = [
      registered,
      { type: 'UserProfileUpdated', data: { display_name: '비밀', phone: '010-1', username: 'x.y.z' } },
      { type: 'UserLoggedIn', data: { session_id: 's1', device: 'Secret Phone' } },
      { type: 'UserProfileImageChanged', data: { image_key: 'blob' } },
      { type: 'UserClosureRequested', data: { saga_id: 's' } },
      { type: 'UserClosed', data: { saga_id: 's' } },
    ]
    const at = (events: UserEvent[]) => events.map((event, i) => ({ event, at: i }))
    const redacted = stream.map((event) => redactEvent(7, event))
    assert.deepEqual(replay(7, at(redacted)), replay(7, at(stream)))
    assert.doesNotMatch(JSON.stringify(redacted), /김철수|a@b|비밀|010|x\.y\.z|Secret|blob/)
  })

  it('a stream cannot start in the middle', () => {
    assert.throws(
      () => replay(7, [{ event: { type: 'UserLoggedOut', data: { session_id: 'x' } }, at: 1 }]),
      /starts with/,
    )
    assert.equal(replay(7, []), undefined)
  })
})

describe('a sign-in', () => {
  const isNew = (device: string | null, known: readonly (string | null)[]) => {
    const [event] = decide.decideLogIn(active, { id: 'x', device }, known)
    return event?.type === 'UserLoggedIn' && event.data.is_new_device
  }
  const chrome = (version: string) => `Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/${version} Safari/537.36`

  it('is on a new device when none of before calls itself so, whatever its version', () => {
    assert.equal(isNew(chrome('140.0.1'), []), false)
    assert.equal(isNew(chrome('140.0.1'), [chrome('139.0.7')]), false)
    assert.equal(isNew('Mozilla/5.0 (iPhone)', [chrome('139.0.7')]), true)
    assert.equal(isNew(null, [chrome('139.0.7')]), true)
    assert.equal(isNew(null, [chrome('139.0.7'), null]), false)
  })
})
