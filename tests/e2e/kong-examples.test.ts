import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { ROUTES } from '@bigtech/server/routes'
import { eventually, freePort } from '@bigtech/testkit'
import { parse } from 'yaml'
import { filledIn, noNginx, startSite } from '../support/nginx.ts'

const FOLDER = join(import.meta.dirname, '../../infrastructure/kong-examples')

type Route = Readonly<{
  name: string
  paths: readonly string[]
  methods?: readonly string[]
  headers?: Readonly<Record<string, readonly string[]>>
  regex_priority?: number
  plugins: readonly Readonly<{ name: string; config: { replace: { uri: string } } }>[]
}>
type Kong = Readonly<{
  _format_version: string
  upstreams: readonly Readonly<{ name: string; targets: readonly Readonly<{ target: string; weight: number }>[] }>[]
  services: readonly Readonly<{ name: string; host: string; port: number; routes: readonly Route[] }>[]
}>
const kongOf = (name: string) => parse(readFileSync(join(FOLDER, `${name}.yml`), 'utf8'), { merge: true }) as Kong

/** Which route takes it: those that ask for more go first, then those of a higher priority. */
function routed({ services }: Kong, method: string, path: string, headers: Record<string, string> = {}) {
  const takes = (route: Route) =>
    (route.methods?.includes(method) ?? true) &&
    Object.entries(route.headers ?? {}).every(([name, values]) => values.includes(headers[name] ?? '')) &&
    // Kong's expressions are Rust's: the same here but for the mark in front.
    route.paths.some((pattern) => new RegExp(`^${pattern.slice(1)}`).test(path))
  const asks = ({ methods, headers }: Route) => Number(methods !== undefined) + Number(headers !== undefined)
  return services
    .flatMap((service) => service.routes.map((route) => ({ service, route })))
    .filter(({ route }) => takes(route))
    .toSorted(
      (a, b) => asks(b.route) - asks(a.route) || (b.route.regex_priority ?? 0) - (a.route.regex_priority ?? 0),
    )[0]?.service
}

for (const name of ['blue-green', 'strangler'])
  test(`Kong, ${name}: services and upstreams name what there is, and /api is cut off`, () => {
    const { _format_version: format, upstreams, services } = kongOf(name)
    assert.equal(format, '3.0')
    for (const { host, port, routes } of services) {
      const upstream = upstreams.find((one) => one.name === host)
      assert.ok(upstream ?? host === 'user-service', host)
      for (const { target, weight } of upstream?.targets ?? []) {
        assert.equal(Number(target.split(':')[1]), port)
        assert.ok(weight >= 0 && weight <= 65_535)
      }
      for (const { plugins } of routes) assert.equal(plugins[0]!.config.replace.uri, '/$(uri_captures.rest)')
    }
  })

test('Kong, blue/green: everything of chat goes to one colour, and to the other for whoever asks for it', () => {
  const kong = kongOf('blue-green')
  for (const segment of Object.keys(ROUTES)) {
    const host = routed(kong, 'GET', `/api/${segment}`)?.host
    assert.equal(host, ROUTES[segment as keyof typeof ROUTES] === 'chat' ? 'chat.blue' : undefined, segment)
  }
  assert.equal(routed(kong, 'POST', '/api/messages/1', { 'X-Colour': 'green' })?.host, 'chat.green')
})

test('Kong, strangler: reads of profiles are shared, everything else of user-service stays', () => {
  const kong = kongOf('strangler')
  const hostOf = (method: string, path: string) => routed(kong, method, path)?.host
  assert.equal(hostOf('GET', '/api/profile/me'), 'profiles')
  assert.equal(hostOf('PUT', '/api/profile/me'), 'user-service')
  for (const [segment, role] of Object.entries(ROUTES))
    assert.equal(hostOf('POST', `/api/${segment}`), role === 'user' ? 'user-service' : undefined, segment)
})

/** Answers with its name and what it was asked. */
async function startNamed(t: TestContext, name: string): Promise<string> {
  const server = createServer((request, response) => response.end(`${name} ${request.url}`))
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close().closeAllConnections())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

suite('the same in NGINX', { skip: noNginx }, () => {
  const site = (name: string, variables: Record<string, string>) =>
    filledIn(join(FOLDER, `${name}.nginx.conf`), variables)

  test('blue/green: the switch is one line and a reload; no request is lost, and back is the same', async (t) => {
    const LISTEN = `127.0.0.1:${await freePort()}`
    const [BLUE, GREEN] = [await startNamed(t, 'blue'), await startNamed(t, 'green')]
    const blue = site('blue-green', { LISTEN, BLUE, GREEN })
    const green = blue.replace('default chat_blue;', 'default chat_green;')
    const reload = startSite(t, blue)
    const ask = async (headers: Record<string, string> = {}) => {
      const answer = await fetch(`http://${LISTEN}/api/messages/1`, { headers: { connection: 'close', ...headers } })
      assert.equal(answer.status, 200)
      return answer.text()
    }
    assert.equal(await eventually(() => ask()), 'blue /messages/1')
    assert.equal(await ask({ 'x-colour': 'green' }), 'green /messages/1')
    const enough = new AbortController()
    const people = (async () => {
      let answered = 0
      for (; !enough.signal.aborted; answered++) await ask()
      return answered
    })()
    reload(green)
    await eventually(async () => assert.equal(await ask(), 'green /messages/1'))
    reload(blue)
    await eventually(async () => assert.equal(await ask(), 'blue /messages/1'))
    enough.abort()
    assert.ok((await people) > 0)
  })

  test('strangler: a share of the reads of profiles, the same callers each time; writes and the rest stay', async (t) => {
    const LISTEN = `127.0.0.1:${await freePort()}`
    const [OLD, NEW] = [await startNamed(t, 'old'), await startNamed(t, 'new')]
    const some = site('strangler', { LISTEN, OLD, NEW, SHARE: '30%' })
    const reload = startSite(t, some)
    const ask = async (path: string, caller: number, method = 'GET') =>
      (await fetch(`http://${LISTEN}/api/${path}`, { method, headers: { authorization: `Bearer ${caller}` } })).text()
    await eventually(() => ask('auth/login', 0))
    const callers = [...Array(200).keys()]
    const answers = () => Promise.all(callers.map((caller) => ask('profile/me', caller)))
    const first = await answers()
    const moved = first.filter((answer) => answer === 'new /profile/me').length
    assert.ok(moved > 30 && moved < 90, `${moved} of 200`)
    assert.deepEqual(await answers(), first)
    for (const caller of callers.slice(0, 20)) {
      assert.equal(await ask('profile/me', caller, 'PUT'), 'old /profile/me')
      assert.equal(await ask('users/1', caller), 'old /users/1')
    }
    reload(some.replace('30% new_user_service;\n  * user_service;', '* new_user_service;'))
    await eventually(async () => assert.deepEqual(new Set(await answers()), new Set(['new /profile/me'])))
  })
})
