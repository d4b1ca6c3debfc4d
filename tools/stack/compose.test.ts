import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
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
