import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { config } from '@bigtech/server/config'
import { perService, SERVICE_ROLES } from '@bigtech/server/roles'
import { internalPortOf, internalUrlsOf, portOf, urlsOf } from '@bigtech/server/settings'
import { parse } from 'yaml'
import { FOLDER, namesOf, networksOf, readCompose } from './files.ts'

const msa = readCompose('docker-compose.msa.yml')
const stack = readCompose('docker-compose.test.yml')
const text = readFileSync(join(FOLDER, 'docker-compose.msa.yml'), 'utf8')
const example = readFileSync(join(FOLDER, 'msa.env.example'), 'utf8')
const services = Object.entries(msa.services)
const own = services.filter(([, { image }]) => image.startsWith('bigtech-chat:'))

const secret = 'x'.repeat(32)
const settingsOf = (environment: Record<string, string | number>) =>
  config.parse({
    ...Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [
        key,
        `${value}`.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replace(/\$\{[^}]*\}/g, secret),
      ]),
    ),
    SERVICE_SECRET: secret,
    SIGNING_KEY_SECRET: secret,
  })
const usual = config.parse({})
const PORTS = perService((role) => [usual[portOf(role)], usual[internalPortOf(role)]])

/** Which service answers to a name, and the port that it listens on there. */
function mustBeThere(address: string, from: string): void {
  const { hostname, port } = new URL(address.includes('://') ? address : `tcp://${address}`)
  const found = services.find(([name, service]) => namesOf(name, service).includes(hostname))
  assert.ok(found, `${from}: ${address} is nobody`)
  const shared = networksOf(found[1]).filter((network) => networksOf(msa.services[from]!).includes(network))
  assert.ok(shared.length > 0, `${from} has no network with ${hostname}`)
  const role = hostname.replace(/-(\d+|service)$/, '')
  if (Object.hasOwn(PORTS, role)) assert.ok(PORTS[role as keyof typeof PORTS].includes(Number(port)), address)
}

test('every role is a process or two, each with settings that it starts with and names that others have', () => {
  assert.deepEqual(
    own.map(([name]) => name),
    [
      'gateway',
      ...SERVICE_ROLES.flatMap((role) => (role === 'analytics' ? [`${role}-1`] : [`${role}-1`, `${role}-2`])),
    ],
  )
  const known = config.envExample()
  for (const [name, { environment = {}, volumes }] of own) {
    assert.deepEqual(volumes, name.startsWith('ai-') ? ['models:/data/models:ro'] : undefined, `${name} keeps nothing`)
    for (const variable of Object.keys(environment)) assert.match(known, new RegExp(`^#?${variable}=`, 'm'), variable)
    const settings = settingsOf(environment)
    assert.ok(name.startsWith(settings.ROLES.join()), name)
    const addresses = SERVICE_ROLES.flatMap((role) => [...settings[urlsOf(role)], ...settings[internalUrlsOf(role)]])
    for (const address of addresses) mustBeThere(address, name)
    for (const broker of settings.KAFKA_BROKERS) mustBeThere(broker, name)
    for (const engine of [settings.MYSQL_URL, settings.REDIS_URL, settings.S3_ENDPOINT, settings.MONGODB_URL])
      if (engine !== undefined) mustBeThere(engine, name)
    mustBeThere(settings.OTEL_EXPORTER_OTLP_ENDPOINT!, name)
    // The other processes of chat look for it there.
    if (settings.ROLES.includes('chat')) {
      assert.equal(settings.NODE_ADDRESS, `http://${name}:9002`)
      assert.ok(settings.CHAT_SERVICE_INTERNAL_URLS.includes(settings.NODE_ADDRESS), name)
    }
  }
})

test('our processes have no rights and write nothing, and their health is what the image looks at', () => {
  const dockerfile = readFileSync(join(FOLDER, 'Dockerfile'), 'utf8')
  const [, program] = /^HEALTHCHECK .* CMD \["node", "(.*)"\]$/m.exec(dockerfile)!
  assert.ok(existsSync(join(FOLDER, '../..', program!)))
  for (const [name, service] of own) {
    assert.deepEqual([service.read_only, service.cap_drop, service.healthcheck], [true, ['ALL'], undefined], name)
    assert.match(service.image, new RegExp(`:${/^ARG VERSION=(.*)$/m.exec(dockerfile)![1]}$`))
  }
})

/** As the guide has them: what is where, on the machine of whoever starts it. Only Kong is for other machines. */
const GUIDE = {
  kong: '80:8000',
  'user-1': '127.0.0.1:8005:8005',
  'friend-1': '127.0.0.1:8003:8003',
  'chat-1': '127.0.0.1:8002:8002',
  mysql: '127.0.0.1:3306:3306',
  'kafka-ui': '127.0.0.1:8080:8080',
  grafana: '127.0.0.1:3000:3000',
  prometheus: '127.0.0.1:9090:9090',
}

test('what people open is where the guide says, under the names of its containers', () => {
  for (const [name, port] of Object.entries(GUIDE)) assert.deepEqual(msa.services[name]!.ports, [port], name)
  for (const [name, { ports = [] }] of services)
    for (const port of ports) assert.ok(name === 'kong' || port.startsWith('127.0.0.1:'), `${name}: ${port}`)
  const published = services.flatMap(([, { ports = [] }]) => ports.map((port) => port.split(':').at(-2)))
  assert.equal(new Set(published).size, published.length, 'two want the same port')
  for (const role of ['user', 'friend', 'chat'])
    assert.equal(msa.services[`${role}-1`]!.container_name, `bigtech-${role}-service`)
  for (const [name, { container_name: container }] of services) assert.match(container ?? '', /^bigtech-/, name)
})

/** Small images in which nothing is that could ask. */
const SILENT = ['kafka-ui', 'loki', 'promtail', 'jaeger', 'blackbox-exporter']

test('images have a version, those of the stack the same; whoever is waited for has a health check', () => {
  for (const [name, { image, healthcheck, depends_on: waits = {} }] of services) {
    assert.match(image, /:v?\d+\.\d/, name)
    const asks = healthcheck !== undefined || own.some(([one]) => one === name)
    assert.equal(asks, !SILENT.includes(name), name)
    for (const [other, { condition }] of Object.entries(waits)) {
      assert.ok(Object.hasOwn(msa.services, other), `${name} waits for ${other}`)
      if (condition === 'service_healthy')
        assert.ok(!SILENT.includes(other), `${name} waits for the health of ${other}`)
    }
  }
  const image = (name: string) => msa.services[name]!.image
  assert.deepEqual(
    ['mysql', 'redis', 'kafka-1', 'kafka-2', 'kafka-3', 's3'].map(image),
    ['mariadb', 'redis', 'kafka', 'kafka', 'kafka', 's3'].map((name) => stack.services[name]!.image),
  )
})

/** As on Kubernetes: who has it, beside what all have. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  gateway: [],
  user: ['MYSQL_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'SIGNING_KEY_SECRET', 'SMTP_URL'],
  friend: ['MYSQL_URL'],
  chat: ['MYSQL_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  notification: ['MYSQL_URL', 'SMTP_URL', 'VAPID_PRIVATE_KEY', 'VAPID_PUBLIC_KEY'],
  ai: ['CARE_SPEECH_KEY', 'CARE_TEXT_KEY', 'MYSQL_URL'],
  analytics: ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
}

test('each of ours is given the secrets that it needs, and no file of all', () => {
  const secret = new Set(Object.values(SECRETS).flat())
  for (const [name, { environment = {}, env_file: files }] of own) {
    const given = Object.keys(environment).filter((variable) => secret.has(variable))
    assert.deepEqual(given.toSorted(), SECRETS[name.replace(/-\d$/, '')], name)
    assert.deepEqual(files, [{ path: 'settings.env', required: false }], name)
  }
})

test('one builds the image, the others run it; what containers write is bounded', () => {
  const building = own.filter(([, { build }]) => build).map(([name]) => name)
  assert.deepEqual(building, ['gateway'])
  assert.equal(new Set(own.map(([, { image }]) => image)).size, 1)
  for (const [name, { build, pull_policy: policy }] of own) assert.equal(policy, build ? undefined : 'never', name)
  for (const [name, { logging }] of services) {
    assert.equal(logging?.driver, 'json-file', name)
    assert.ok(logging.options['max-size'] && logging.options['max-file'], name)
  }
})

test('no secret is written down, and each variable is one of the example', () => {
  for (const [name, { environment = {} }] of services)
    for (const [variable, value] of Object.entries(environment))
      if (/PASSWORD|SECRET|TOKEN|ACCESS_KEY/.test(variable) && variable !== 'MARIADB_RANDOM_ROOT_PASSWORD')
        assert.match(String(value), /^\$\{\w+:[?-]/, `${name}: ${variable}`)
  assert.doesNotMatch(text, /:\/\/\w+:[^$@/]+@/, 'a password in an address')
  for (const { environment } of Object.values(msa.secrets)) assert.match(example, new RegExp(`^${environment}=$`, 'm'))
  /** They have a value that is right for most. */
  const optional = ['MESSAGE_STORE', 'GRAFANA_ADMIN_USER']
  for (const [, variable] of text.matchAll(/\$\{(\w+)/g))
    if (!optional.includes(variable!)) assert.match(example, new RegExp(`^${variable}=`, 'm'), variable)
  for (const line of example.split('\n'))
    if (/SECRET|PASSWORD|KEY|TOKEN/.test(line)) assert.match(line, /^#|=$/, 'no secret that everybody has')
})

/** Of infrastructure/monitoring, which is made elsewhere: allowed not to be there yet. */
const ELSEWHERE = /^\.\.\/monitoring\//

test('every file that a container is given is there, and every volume, network and secret is declared and used', () => {
  const used = { volumes: new Set<string>(), networks: new Set<string>(), secrets: new Set<string>() }
  for (const [name, service] of services) {
    for (const network of networksOf(service)) used.networks.add(network)
    for (const { source } of service.secrets ?? []) used.secrets.add(source)
    for (const volume of service.volumes ?? []) {
      const [from = '', , mode] = volume.split(':')
      if (!/^[./]/.test(from)) used.volumes.add(from)
      else assert.equal(mode, 'ro', `${name}: ${volume}`)
      if (from.startsWith('.') && !ELSEWHERE.test(from)) assert.ok(existsSync(join(FOLDER, from)), volume)
    }
  }
  for (const [kind, names] of Object.entries(used))
    assert.deepEqual([...names].toSorted(), Object.keys(msa[kind as keyof typeof used]).toSorted(), kind)
})

test('what Kong passes calls to is there, and what it counts with', () => {
  const kong = parse(readFileSync(join(FOLDER, 'kong/kong.yml'), 'utf8'), { merge: true }) as {
    services: { url: string }[]
    plugins: { config: { redis?: { host: string; port: number } } }[]
  }
  for (const { url } of kong.services) mustBeThere(url, 'kong')
  for (const { config: plugin } of kong.plugins)
    if (plugin?.redis) mustBeThere(`redis://${plugin.redis.host}:${plugin.redis.port}`, 'kong')
})

test('three brokers know each other, and any of them may be away', () => {
  const brokers = ['kafka-1', 'kafka-2', 'kafka-3'].map((name) => [name, msa.services[name]!.environment!] as const)
  for (const [i, [name, environment]] of brokers.entries()) {
    assert.equal(environment['KAFKA_NODE_ID'], i + 1)
    assert.equal(environment['KAFKA_ADVERTISED_LISTENERS'], `PLAINTEXT://${name}:9092`)
    assert.equal(environment['KAFKA_CONTROLLER_QUORUM_VOTERS'], '1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093')
  }
  const settings = settingsOf(own[1]![1].environment!)
  assert.deepEqual([settings.KAFKA_REPLICATION, settings.KAFKA_MIN_INSYNC_REPLICAS], [3, 2])
})

const prometheus = join(FOLDER, '../monitoring/prometheus/prometheus.yml')
const absent = existsSync(prometheus) ? false : 'infrastructure/monitoring is not here yet'
if (absent) console.log(`skipped: what Prometheus scrapes: ${absent}`)
test('Prometheus scrapes every process of ours, with the token that it is given', { skip: absent }, () => {
  const { scrape_configs: jobs, alerting } = parse(readFileSync(prometheus, 'utf8')) as {
    scrape_configs: {
      job_name: string
      authorization?: { credentials_file: string }
      static_configs: { targets: string[] }[]
    }[]
    alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] }
  }
  const job = jobs.find(({ job_name: name }) => name === 'bigtech-chat')!
  const targets = job.static_configs.flatMap((one) => one.targets)
  for (const target of targets) mustBeThere(target, 'prometheus')
  assert.deepEqual(
    targets.map((target) => target.split(':')[0]),
    own.map(([name]) => name),
  )
  assert.equal(msa.services['prometheus']!.secrets![0]!.target, job.authorization?.credentials_file)
  for (const { static_configs: configs } of alerting.alertmanagers)
    for (const target of configs.flatMap((one) => one.targets)) mustBeThere(target, 'prometheus')
})
