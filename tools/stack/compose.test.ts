import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { config } from '@bigtech/server/config'
import { servers, USUAL } from './servers/index.ts'

const FOLDER = join(import.meta.dirname, '../../infrastructure/docker')

type Service = {
  image: string
  ports: string[]
  environment?: Record<string, string | number>
  volumes?: string[]
  healthcheck: { test: string[] }
}
const { services } = parse(readFileSync(join(FOLDER, 'docker-compose.test.yml'), 'utf8')) as {
  services: Record<string, Service>
}

test('the compose file has the usual servers, at the addresses of the stack', () => {
  assert.deepEqual(Object.keys(services).toSorted(), [...USUAL].toSorted())
  for (const name of USUAL) {
    const { settings } = servers.find((server) => server.name === name)!
    const [address = ''] = Object.values(settings)
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(address)?.[1]) - Number(process.env['STACK_PORT_OFFSET'] ?? 0)
    const published = services[name]!.ports.map((mapping) => mapping.split(':').slice(0, 2).join(':'))
    assert.deepEqual(published, [`127.0.0.1:${port}`], name)
    assert.ok(services[name]!.healthcheck.test.length > 1)
    assert.match(services[name]!.image, /:\d/, 'a version, not whatever is newest')
  }
})

test('with the same users and passwords', () => {
  const of = (name: string) => servers.find((server) => server.name === name)!.settings
  const mysql = new URL(of('mariadb')['MYSQL_URL']!)
  const { MARIADB_USER, MARIADB_PASSWORD } = services['mariadb']!.environment!
  assert.deepEqual([mysql.username, mysql.password], [MARIADB_USER, MARIADB_PASSWORD])
  const config = readFileSync(join(FOLDER, 's3/config.json'), 'utf8')
  const { identities } = JSON.parse(config) as { identities: { credentials: object[] }[] }
  assert.deepEqual(identities[0]!.credentials, [
    { accessKey: of('s3')['S3_ACCESS_KEY_ID'], secretKey: of('s3')['S3_SECRET_ACCESS_KEY'] },
  ])
})

test('every file that a server is given is there', () => {
  for (const { volumes = [] } of Object.values(services))
    for (const volume of volumes) assert.ok(existsSync(join(FOLDER, volume.split(':')[0]!)), volume)
})

test('the file of the services has settings that each process starts with, and servers of the versions that were tried', () => {
  const msa = parse(readFileSync(join(FOLDER, 'docker-compose.msa.yml'), 'utf8'), { merge: true }) as {
    services: Record<string, Service & { image: string }>
  }
  const secret = 'x'.repeat(32)
  const own = Object.entries(msa.services).filter(([, { image }]) => image === 'bigtech-chat')
  assert.deepEqual(
    own.map(([name]) => name),
    ['gateway', 'user-1', 'user-2', 'friend-1', 'friend-2', 'chat-1', 'chat-2', 'analytics-1'],
  )
  for (const [name, { environment = {}, volumes }] of own) {
    assert.equal(volumes, undefined, `${name} keeps nothing`)
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, `${value}`.replace(/\$\{[^}]*\}/g, secret)]),
    )
    const settings = config.parse({ ...env, SERVICE_SECRET: secret, SIGNING_KEY_SECRET: secret })
    assert.ok(name.startsWith(settings.ROLES.join()), name)
    const addresses = [
      ...settings.USER_SERVICE_URLS,
      ...settings.USER_SERVICE_INTERNAL_URLS,
      ...settings.FRIEND_SERVICE_URLS,
      ...settings.FRIEND_SERVICE_INTERNAL_URLS,
      ...settings.CHAT_SERVICE_URLS,
      ...settings.CHAT_SERVICE_INTERNAL_URLS,
    ]
    const ports = { user: [8005, 9005], friend: [8003, 9003], chat: [8002, 9002] }
    for (const address of addresses) {
      const { hostname, port } = new URL(address)
      assert.ok(Object.hasOwn(msa.services, hostname), address)
      assert.ok(ports[hostname.split('-')[0] as keyof typeof ports].includes(Number(port)), address)
    }
    // The other processes of chat look for it there.
    if (settings.ROLES.includes('chat')) {
      assert.equal(settings.NODE_ADDRESS, `http://${name}:9002`)
      assert.ok(settings.CHAT_SERVICE_INTERNAL_URLS.includes(settings.NODE_ADDRESS), name)
    }
  }
  for (const name of USUAL) assert.equal(msa.services[name]!.image, services[name]!.image)
  for (const line of readFileSync(join(FOLDER, 'msa.env.example'), 'utf8').split('\n'))
    if (/SECRET|PASSWORD|KEY/.test(line)) assert.match(line, /^#|=$/, 'no secret that everybody has')
})
