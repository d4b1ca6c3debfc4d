import { existsSync, renameSync, writeFileSync } from 'node:fs'
import type { Server } from '../server.ts'
import { end, find, folder, launch, listens, pidOf, place, port, run, StackError, waitUntil } from '../work.ts'

const VERSION = 'v2.8.0'
const MODULE = 'github.com/letsencrypt/pebble/v2'
const DIRECTORY = port(14000)
const MANAGEMENT = port(15000)
const DNS = port(18053)
const DNS_MANAGEMENT = port(18055)
/** In the place of port 80: where it asks the server that wants a certificate. */
const HTTP = port(15002)
const PROGRAMS = ['pebble', 'pebble-challtestsrv']
const program = (name: string) => place('pebble', 'bin', name)
const ca = () => place('pebble', 'ca.pem')

function install(): void {
  if (!PROGRAMS.every((name) => existsSync(program(name)))) build()
  if (!existsSync(ca())) {
    if (!find('openssl')) throw new StackError('openssl not found: Pebble wants a certificate of its own')
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      place('pebble', 'key.pem'),
    ]
    run('openssl', ['req', '-x509', ...key, '-out', `${ca()}.new`, '-days', '3650', ...subject])
    renameSync(`${ca()}.new`, ca())
  }
}

function build(): void {
  if (!find('go')) throw new StackError('go not found: Pebble is built from its Go module')
  console.log(`  building Pebble ${VERSION}`)
  const cwd = folder('pebble', 'source')
  writeFileSync(place('pebble', 'source', 'go.mod'), 'module local/pebble\n\ngo 1.24\n')
  const packages = PROGRAMS.map((name) => `${MODULE}/cmd/${name}`)
  run('go', ['get', '-tool', ...packages.map((path) => `${path}@${VERSION}`)], { cwd })
  run('go', ['build', '-ldflags', '-s -w', '-o', `${folder('pebble', 'bin')}/`, ...packages], { cwd })
}

/** Its own certificate authority, in memory: a new one with each start. Every name has the address 127.0.0.1. */
export const pebble: Server = {
  name: 'pebble',
  title: 'Pebble, a certificate authority (ACME)',
  processes: ['pebble-dns', 'pebble'],
  settings: { PEBBLE_URL: `https://127.0.0.1:${DIRECTORY}/dir`, PEBBLE_CA: ca(), PEBBLE_HTTP_PORT: String(HTTP) },
  install,
  async start() {
    if (pidOf('pebble-dns') === undefined) {
      // Names only: what answers challenges is the server that wants the certificate.
      const off = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-doh', '', '-defaultIPv6', '']
      const at = ['-dns01', `127.0.0.1:${DNS}`, '-management', `127.0.0.1:${DNS_MANAGEMENT}`]
      await launch('pebble-dns', [DNS, DNS_MANAGEMENT], program('pebble-challtestsrv'), [...at, ...off])
      await waitUntil('pebble-dns', () => listens(DNS_MANAGEMENT))
    }
    if (pidOf('pebble') !== undefined) return
    const config = {
      listenAddress: `127.0.0.1:${DIRECTORY}`,
      managementListenAddress: `127.0.0.1:${MANAGEMENT}`,
      certificate: ca(),
      privateKey: place('pebble', 'key.pem'),
      httpPort: HTTP,
      tlsPort: port(15001),
      profiles: { default: { description: 'a certificate of 90 days', validityPeriod: 90 * 86_400 } },
    }
    writeFileSync(place('pebble', 'config.json'), JSON.stringify({ pebble: config }))
    // It would wait up to 15 s before it asks, as the true ones may.
    const args = [
      'PEBBLE_VA_NOSLEEP=1',
      program('pebble'),
      '-config',
      place('pebble', 'config.json'),
      '-dnsserver',
      `127.0.0.1:${DNS}`,
    ]
    await launch('pebble', [DIRECTORY, MANAGEMENT], 'env', args)
    await waitUntil('pebble', () => listens(DIRECTORY))
  },
  async stop() {
    await end('pebble')
    await end('pebble-dns')
  },
}
