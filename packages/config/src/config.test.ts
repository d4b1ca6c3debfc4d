import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  boolean,
  bytes,
  ConfigError,
  defineConfig,
  duration,
  int,
  list,
  listOf,
  oneOf,
  origins,
  string,
  url,
} from './index.ts'

const config = defineConfig({
  PORT: int({ default: 8080, min: 1, max: 65_535, doc: 'Port of the gateway.' }),
  LOG_LEVEL: oneOf(['debug', 'info'], { default: 'info', doc: 'Least level that is logged.' }),
  PUBLIC_URL: url({ optional: true, doc: 'Address users see.' }),
  MYSQL_URL: url({ optional: true, secret: true, protocols: ['mysql'], doc: 'User database.' }),
  TRACING: boolean({ default: false, doc: 'Export traces.' }),
  TOKEN_TTL: duration({ default: 15 * 60_000, min: 60_000, doc: 'Life of an access token.' }),
  MAX_FILE: bytes({ default: 10 * 1024 ** 2, max: 1024 ** 3, doc: 'Largest upload.' }),
  ROLES: listOf(['api', 'relay'], { default: ['api', 'relay'], doc: 'What this process does.' }),
  ORIGINS: list({ default: [], doc: 'Allowed browser origins.' }),
  ADMIN_PASSWORD: string({ secret: true, minLength: 12, doc: 'First administrator.' }),
})
const SET = { ADMIN_PASSWORD: 'correct horse' }

const problems = (env: Record<string, string>): readonly string[] => {
  try {
    config.parse(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems
  }
}

test('defaults apply, also for empty and blank values', () => {
  const values = config.parse({ ...SET, PORT: '', LOG_LEVEL: '  ' })
  const level: 'debug' | 'info' = values.LOG_LEVEL
  const publicUrl: string | undefined = values.PUBLIC_URL
  // @ts-expect-error what is optional may be missing
  const missing: string = values.PUBLIC_URL
  assert.equal(missing, undefined)
  const roles: readonly ('api' | 'relay')[] = values.ROLES
  assert.deepEqual(
    { ...values, level, publicUrl, roles },
    {
      PORT: 8080,
      LOG_LEVEL: 'info',
      PUBLIC_URL: undefined,
      MYSQL_URL: undefined,
      TRACING: false,
      TOKEN_TTL: 900_000,
      MAX_FILE: 10_485_760,
      ROLES: ['api', 'relay'],
      ORIGINS: [],
      ADMIN_PASSWORD: 'correct horse',
      level: 'info',
      publicUrl: undefined,
      roles: ['api', 'relay'],
    },
  )
})

test('values are read in the forms the documents promise', () => {
  const cases: [string, string, unknown][] = [
    ['PORT', ' 1 ', 1],
    ['PUBLIC_URL', 'https://chat.example/', 'https://chat.example'],
    ['TRACING', 'TRUE', true],
    ['TRACING', 'off', false],
    ['TOKEN_TTL', '2h', 7_200_000],
    ['TOKEN_TTL', '60000ms', 60_000],
    ['MAX_FILE', '1gb', 1024 ** 3],
    ['ROLES', 'relay, relay', ['relay']],
    ['ORIGINS', 'http://a, http://b', ['http://a', 'http://b']],
  ]
  for (const [name, text, expected] of cases) {
    const values: Record<string, unknown> = config.parse({ ...SET, [name]: text })
    assert.deepEqual(values[name], expected, `${name}=${text}`)
  }
})

test('a wrong value is refused with its name, what was given and what was expected', () => {
  const cases: [string, string, string][] = [
    ['PORT', '0', 'PORT is "0"; expected an integer from 1 to 65535'],
    ['PORT', '80a', 'PORT is "80a"; expected an integer from 1 to 65535'],
    ['PORT', '1e3', 'PORT is "1e3"; expected an integer from 1 to 65535'],
    ['LOG_LEVEL', 'INFO', 'LOG_LEVEL is "INFO"; expected one of debug, info'],
    ['PUBLIC_URL', 'chat.example', 'PUBLIC_URL is "chat.example"; expected a URL that starts with http:// or https://'],
    ['TRACING', 'maybe', 'TRACING is "maybe"; expected true or false'],
    ['TOKEN_TTL', '15', 'TOKEN_TTL is "15"; expected a time such as 500ms, 30s, 15m, 1h or 7d, at least 1m'],
    ['TOKEN_TTL', '1s', 'TOKEN_TTL is "1s"; expected a time such as 500ms, 30s, 15m, 1h or 7d, at least 1m'],
    ['MAX_FILE', '2GB', 'MAX_FILE is "2GB"; expected a size such as 512KB, 10MB or 1GB, at most 1GB'],
    ['ROLES', 'api,cook', 'ROLES is "api,cook"; expected a comma-separated list of api, relay'],
  ]
  for (const [name, text, problem] of cases) assert.deepEqual(problems({ ...SET, [name]: text }), [problem])
})

test('every problem is listed at once', () => {
  const found = problems({ PORT: 'x', TRACING: 'x' })
  assert.equal(found.length, 3)
  assert.throws(() => config.parse({ PORT: 'x', TRACING: 'x' }), /^ConfigError: The configuration is wrong:\n {2}PORT/)
})

test('a secret is never shown: not in an error, not in the documents', () => {
  const found = problems({ ADMIN_PASSWORD: 'LEAK', MYSQL_URL: 'http://LEAK@x' })
  assert.equal(found.length, 2)
  assert.doesNotMatch(found.join(), /LEAK/)
  const withDefault = defineConfig({ KEY: string({ secret: true, default: 'LEAK', doc: 'x' }) })
  assert.doesNotMatch(withDefault.envExample() + withDefault.markdown(), /LEAK/)
})

test('unknown variables are ignored', () => {
  assert.ok(!('PATH' in config.parse({ ...SET, PATH: '/bin' })))
})

test('the example file parses back to the defaults', () => {
  const example = config.envExample()
  assert.match(
    example,
    /^# First administrator\.\n# \(a text of at least 12 characters; required; secret\)\nADMIN_PASSWORD=$/m,
  )
  const open = example
    .replaceAll(/^#([A-Z_]+=)/gm, '$1')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
  const env = Object.fromEntries(open.map((line) => line.split('=') as [string, string]))
  assert.deepEqual(config.parse({ ...env, ...SET }), config.parse(SET))
})

test('the table names every variable with its default', () => {
  const table = config.markdown()
  assert.match(table, /\| `TOKEN_TTL` \| Life of an access token\. \| .* \| `15m` \|/)
  assert.match(table, /\| `ADMIN_PASSWORD` \| .* \| \*\*required\*\* \|/)
  assert.match(table, /\| `MAX_FILE` \| .* \| `10MB` \|/)
})

test('origins are those that a browser sends, and nothing that would let everybody in', () => {
  const sites = defineConfig({ SITES: origins({ default: [], doc: 'Sites.' }) })
  assert.deepEqual(sites.parse({ SITES: 'https://a.example, http://localhost:5173,HTTPS://A.example' }).SITES, [
    'https://a.example',
    'http://localhost:5173',
  ])
  const wrong = [
    '*',
    'null',
    'a.example',
    'https://a.example/',
    'https://a.example/chat',
    'https://*.example',
    'file://x',
  ]
  for (const one of [...wrong, 'https://a.example:443', 'https://a.example?x', 'ws://a.example', 'https://u@a.example'])
    assert.throws(() => sites.parse({ SITES: `https://fine.example,${one}` }), /SITES .*origins such as https/, one)
})
