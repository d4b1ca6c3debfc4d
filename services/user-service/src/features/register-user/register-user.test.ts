import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { PASSWORD, startService } from '../../user-service.fixture.ts'

const valid = { email: 'test@example.com', username: 'testuser', password: PASSWORD }

describe('POST /auth/register', () => {
  it('creates an account and answers with the own profile', async (t) => {
    const { app } = await startService(t)
    const answer = await app.inject({
      method: 'POST',
      url: '/auth/register',
      payload: { ...valid, email: '  Test@Example.com ', display_name: '테스트 유저', age: 30, phone: '010-1234-5678' },
    })
    assert.equal(answer.statusCode, 201)
    const { created_at, updated_at, ...rest } = answer.json<Record<string, unknown>>()
    assert.deepEqual(rest, {
      id: 1,
      email: 'test@example.com',
      email_verified: false,
      username: 'testuser',
      display_name: '테스트 유저',
      status_message: null,
      profile_image_url: null,
      age: 30,
      phone: '010-1234-5678',
      status: 'active',
      role: 'user',
      login_count: 0,
      last_login_at: null,
    })
    assert.equal(new Date(String(created_at)).toISOString(), created_at)
    assert.equal(updated_at, created_at)
  })

  it('takes the username as display name when there is none', async (t) => {
    const { app } = await startService(t)
    const answer = await app.inject({
      method: 'POST',
      url: '/auth/register',
      payload: { ...valid, username: '김철수_99', display_name: '  ', age: null, phone: null },
    })
    assert.equal(answer.statusCode, 201, answer.body)
    assert.equal(answer.json<{ display_name: string }>().display_name, '김철수_99')
  })

  it('refuses a taken e-mail address with 400 and a taken username with 409, whatever the case', async (t) => {
    const { app } = await startService(t)
    const register = (payload: object, language = 'ko') =>
      app.inject({ method: 'POST', url: '/auth/register', payload, headers: { 'accept-language': language } })
    assert.equal((await register(valid)).statusCode, 201)
    const email = await register({ ...valid, email: 'TEST@example.com', username: 'another' })
    assert.equal(email.statusCode, 400)
    assert.match(email.headers['content-type'] as string, /application\/problem\+json/)
    const { code, detail } = email.json<{ code: string; detail: string }>()
    assert.deepEqual([code, detail], ['EMAIL_TAKEN', '이미 사용 중인 이메일입니다'])
    const english = await register({ ...valid, username: 'another' }, 'en-US,en')
    assert.equal(english.json<{ detail: string }>().detail, 'This e-mail address is already in use')
    const username = await register({ ...valid, email: 'other@example.com', username: 'TestUser' })
    assert.equal(username.statusCode, 409)
    assert.equal(username.json<{ code: string }>().code, 'USERNAME_TAKEN')
  })

  it('explains each field that is not valid (422)', async (t) => {
    const { app } = await startService(t)
    const cases: [Record<string, unknown>, string, string][] = [
      [{ password: '1234567' }, 'password', '비밀번호는 8자 이상이어야 합니다'],
      [{ password: 'x'.repeat(129) }, 'password', '비밀번호는 128자 이하여야 합니다'],
      [{ age: 151 }, 'age', '나이는 0-150 사이여야 합니다'],
      [{ age: -1 }, 'age', '나이는 0-150 사이여야 합니다'],
      [{ age: 'old' }, 'age', '나이는 0-150 사이여야 합니다'],
      [{ email: 'nonsense' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a@b' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a..b@example.com' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: '.a@example.com' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: ' a.@example.com' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a@example..com' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a@-x.example' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a@x-.example' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a@x.example-' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a@x.-.example' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: 'a@x_y.example' }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ email: `a@${'x'.repeat(64)}.example` }, 'email', '올바른 이메일 주소를 입력해 주세요'],
      [{ username: 'ab' }, 'username', '사용자 이름은 3-20자의 글자, 숫자, _ . - 만 사용할 수 있습니다'],
      [{ username: 'has space' }, 'username', '사용자 이름은 3-20자의 글자, 숫자, _ . - 만 사용할 수 있습니다'],
      [{ display_name: 'x'.repeat(101) }, 'display_name', '100자 이하여야 합니다'],
      [{ phone: 'call me' }, 'phone', '올바른 전화번호를 입력해 주세요'],
      [{ username: undefined }, 'username', '필수 항목입니다'],
    ]
    for (const [change, field, message] of cases) {
      const answer = await app.inject({ method: 'POST', url: '/auth/register', payload: { ...valid, ...change } })
      assert.equal(answer.statusCode, 422, JSON.stringify(change))
      const { errors } = answer.json<{ errors: { field: string; message: string }[] }>()
      assert.deepEqual(errors, [{ field, message }])
    }
    const both = await app.inject({
      method: 'POST',
      url: '/auth/register',
      payload: { ...valid, password: 'short', age: 200 },
      headers: { 'accept-language': 'en' },
    })
    assert.deepEqual(
      both
        .json<{ errors: { field: string; message: string }[] }>()
        .errors.map(({ field, message }) => `${field}: ${message}`)
        .sort(),
      ['age: the age must be between 0 and 150', 'password: the password must have at least 8 characters'],
    )
  })

  it('refuses names that hide something or look like others, at their field and in the language asked for', async (t) => {
    const { app } = await startService(t)
    const refusal = async (change: object, language = 'ko') => {
      const payload = { ...valid, ...change }
      const headers = { 'accept-language': language }
      const answer = await app.inject({ method: 'POST', url: '/auth/register', payload, headers })
      const { code, errors } = answer.json<{ code: string; errors: { field: string; message: string }[] }>()
      return [answer.statusCode, code, errors.map(({ field }) => field).join(), errors[0]!.message]
    }
    const cases: [object, string, string][] = [
      [{ username: 'p\u0430ypal' }, 'NAME_CONFUSABLE', 'username'],
      [{ username: '\u0391lice' }, 'NAME_CONFUSABLE', 'username'],
      [{ username: '\uff41\uff44min' }, 'NAME_CONFUSABLE', 'username'],
      [{ username: '\u3164\u3164\u3164' }, 'TEXT_NOT_PLAIN', 'username'],
      [{ username: 'zal\u0301\u0302\u0303\u0304\u0305go' }, 'TEXT_NOT_PLAIN', 'username'],
      [{ display_name: 'gpj.\u202eexe' }, 'TEXT_NOT_PLAIN', 'display_name'],
      [{ display_name: '\u200b' }, 'TEXT_NOT_PLAIN', 'display_name'],
      [{ email: 'p\u0430ypal@example.com' }, 'NAME_CONFUSABLE', 'email'],
      [{ email: 'te\u200bst@example.com' }, 'TEXT_NOT_PLAIN', 'email'],
    ]
    for (const [change, code, field] of cases)
      assert.deepEqual((await refusal(change)).slice(0, 3), [422, code, field], JSON.stringify(change))
    assert.match(String((await refusal(cases[0]![0]))[3]), /문자 체계/)
    assert.match(String((await refusal(cases[0]![0], 'en'))[3]), /writings/)
  })

  it('takes names of one writing, and Hangul with Latin', async (t) => {
    const { app } = await startService(t)
    for (const [i, name] of [
      'kim_민수',
      'ㅋㅋㅋ_99',
      'Иван',
      '山田taro',
      'Nguyễn',
      '김민수'.normalize('NFD'),
    ].entries()) {
      const payload = { ...valid, email: `n${i}@example.com`, username: name, display_name: `${name} ❤️ 👨‍👩‍👧` }
      const answer = await app.inject({ method: 'POST', url: '/auth/register', payload })
      assert.equal(answer.statusCode, 201, answer.body)
    }
  })

  it('has one account for an address, however it is composed', async (t) => {
    const { app, signIn } = await startService(t)
    const register = (email: string, username: string) =>
      app.inject({ method: 'POST', url: '/auth/register', payload: { ...valid, email, username } })
    assert.equal((await register('é민수@example.com'.normalize('NFD'), 'first')).statusCode, 201)
    const again = await register('é민수@example.com'.normalize('NFC'), 'second')
    assert.equal(again.json<{ code: string }>().code, 'EMAIL_TAKEN')
    await signIn('é민수@example.com'.normalize('NFD'))
    for (const [i, email] of ['a@x--y.example', 'a@예시.한국', `a@${'x'.repeat(63)}.example`].entries())
      assert.equal((await register(email, `domain${i}`)).statusCode, 201, email)
  })

  it('refuses passwords that everybody would try', async (t) => {
    const { app } = await startService(t)
    const cases = [
      ['password1', 'PASSWORD_COMMON'],
      ['QWER1234', 'PASSWORD_COMMON'],
      ['12345678', 'PASSWORD_COMMON'],
      ['TestPerson', 'PASSWORD_IS_NAME'],
      ['somebody@Example.com', 'PASSWORD_IS_NAME'],
      ['somebody', 'PASSWORD_IS_NAME'],
      ['긴 이름의 사람', 'PASSWORD_IS_NAME'],
      ['        ', 'PASSWORD_BLANK'],
      ['\u3164'.repeat(8), 'PASSWORD_BLANK'],
    ] as const
    for (const [password, expected] of cases) {
      const payload = {
        email: 'somebody@example.com',
        username: 'testperson',
        display_name: '긴 이름의 사람',
        password,
      }
      const answer = await app.inject({ method: 'POST', url: '/auth/register', payload })
      const { code, errors } = answer.json<{ code: string; errors: { field: string }[] }>()
      assert.deepEqual([answer.statusCode, code, errors[0]?.field], [422, expected, 'password'], password)
    }
  })

  it('lets exactly one of many simultaneous registrations win', async (t) => {
    const { app } = await startService(t)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        app.inject({ method: 'POST', url: '/auth/register', payload: { ...valid, username: `user-${i}` } }),
      ),
    )
    assert.equal(answers.filter((answer) => answer.statusCode === 201).length, 1)
    const losers = answers.filter((answer) => answer.statusCode === 400)
    assert.equal(losers.length, 19)
    assert.ok(losers.every((answer) => answer.json<{ code: string }>().code === 'EMAIL_TAKEN'))
  })

  it('publishes UserRegistered with the public profile and nothing private', async (t) => {
    const { app, published, metrics } = await startService(t)
    await app.inject({
      method: 'POST',
      url: '/auth/register',
      payload: { ...valid, age: 77, phone: '010-9999-8888' },
      headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    })
    const [record] = await eventually(async () => {
      const records = await published('user.events')
      assert.equal(records.length, 1)
      return records
    })
    const { event_id, timestamp, ...fields } = record!.value
    assert.deepEqual(fields, {
      event_type: 'UserRegistered',
      user_id: 1,
      email: 'test@example.com',
      username: 'testuser',
      display_name: 'testuser',
      profile_image_url: null,
      status_message: null,
      status: 'active',
    })
    assert.equal(record!.key, '1')
    assert.equal(record!.headers['ce_id'], event_id)
    assert.equal(record!.headers['ce_time'], timestamp)
    assert.match(record!.headers['traceparent']!, /^00-4bf92f3577b34da6a3ce929d0e0e4736-/)
    assert.match(await metrics.text(), /user_registrations_total\{service="user-service"\} 1/)
  })
})
