import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createLogger } from '@bigtech/telemetry'
import { createTestClock, makeCertificate, noOpenssl, tempDir } from '@bigtech/testkit'
import { ConfigError } from '@bigtech/config'
import { config } from '../config.ts'
import { StartupError } from '../startup-error.ts'
import { readCertificate, type Certificate } from './certificate.ts'
import { certificateOfFiles, watchCertificate } from './files.ts'
import { CertificateKeeper, renewalOf } from './keeper.ts'

const logger = createLogger({ level: 'silent' })
const DAY_MS = 86_400_000

describe('settings of HTTPS', () => {
  const problemsOf = (env: Record<string, string>): string => {
    try {
      config.parse(env)
      return ''
    } catch (error) {
      assert.ok(error instanceof ConfigError)
      return error.message
    }
  }

  it('names what does not fit together', () => {
    for (const [env, expected] of [
      [{ DOMAIN: 'chat.example.com' }, /^$/],
      [{ DOMAIN: '*.example.com' }, /DOMAIN is "\*\.example\.com"; expected names such as chat\.example\.com/],
      [{ DOMAIN: 'https://chat.example.com' }, /DOMAIN is/],
      [{ DOMAIN: 'a.example.com,localhost' }, /DOMAIN is "localhost"/],
      [{ DOMAIN: 'a.example.com', TRUST_PROXY: 'true' }, /could claim any address/],
      [{ DOMAIN: 'a.example.com', TLS_CERT: 'c', TLS_KEY: 'k' }, /from one of them/],
      [{ TLS_CERT: 'c' }, /TLS_KEY is not set/],
      [{ TLS_KEY: 'k' }, /TLS_CERT is not set/],
    ] as const)
      assert.match(problemsOf(env), expected, JSON.stringify(env))
  })

  it('derives the public address from the first name', () => {
    const of = (env: Record<string, string>) => config.parse(env).PUBLIC_URL
    assert.equal(of({ DOMAIN: 'a.example.com,b.example.com' }), 'https://a.example.com')
    assert.equal(of({ DOMAIN: 'a.example.com', HTTPS_PORT: '8443' }), 'https://a.example.com:8443')
    assert.equal(of({ DOMAIN: 'a.example.com', PUBLIC_URL: 'https://b.example.com' }), 'https://b.example.com')
    assert.equal(of({}), undefined)
  })
})

describe('files of a certificate', { skip: noOpenssl }, () => {
  it('are refused with their names and what is wrong', (t) => {
    const { TLS_CERT, TLS_KEY } = makeCertificate(tempDir(t), 'a.example.com')
    const other = makeCertificate(tempDir(t), 'b.example.com')
    const good = certificateOfFiles({ TLS_CERT, TLS_KEY })
    assert.deepEqual(good.names, ['a.example.com'])
    assert.deepEqual([good.covers('a.example.com'), good.covers('b.example.com')], [true, false])
    const chain = join(tempDir(t), 'half-chain.pem')
    const half = readFileSync(other.TLS_CERT, 'utf8').split('\n').slice(0, 4).join('\n')
    writeFileSync(chain, `${readFileSync(TLS_CERT, 'utf8')}${half}\n`)
    const locked = join(tempDir(t), 'locked.pem')
    execFileSync('openssl', ['pkey', '-in', TLS_KEY, '-aes256', '-passout', 'pass:x', '-out', locked])
    for (const [files, expected] of [
      [{ TLS_CERT: chain, TLS_KEY }, /what was given cannot be used .*bad end line/],
      [{ TLS_CERT, TLS_KEY: locked }, /has a passphrase; expected one without/],
      [{ TLS_CERT, TLS_KEY: other.TLS_KEY }, /the private key is not that of the certificate/],
      [{ TLS_CERT: TLS_KEY, TLS_KEY }, /the certificate cannot be used/],
      [{ TLS_CERT, TLS_KEY: TLS_CERT }, /the private key cannot be used/],
      [{ TLS_CERT: join(tempDir(t), 'none.pem'), TLS_KEY }, /^TLS_CERT: .*ENOENT/],
    ] as const)
      assert.throws(
        () => certificateOfFiles(files),
        (error) => error instanceof StartupError && expected.test(error.message),
      )
  })

  it('are taken when both are new, and not before', async (t) => {
    const files = makeCertificate(tempDir(t), 'a.example.com')
    const next = makeCertificate(tempDir(t), 'b.example.com')
    const warned = Promise.withResolvers<void>()
    const used = Promise.withResolvers<Certificate>()
    // A look alone keeps no process alive.
    const alive = setInterval(() => {}, 1_000)
    t.after(() => clearInterval(alive))
    const told = { ...logger, warn: () => warned.resolve(), info: () => {} } as unknown as typeof logger
    t.after(watchCertificate(files, certificateOfFiles(files), told, used.resolve, 20))
    replace(files.TLS_CERT, next.TLS_CERT)
    await warned.promise
    replace(files.TLS_KEY, next.TLS_KEY)
    assert.deepEqual((await used.promise).names, ['b.example.com'])
  })

  function replace(path: string, by: string): void {
    writeFileSync(`${path}.new`, readFileSync(by))
    renameSync(`${path}.new`, path)
  }
})

describe('a keeper of a certificate', () => {
  const certificate = (from: number, days: number): Certificate => ({
    cert: '',
    key: '',
    notBefore: from,
    notAfter: from + days * DAY_MS,
    covers: () => true,
    names: [],
  })
  const flush = () => new Promise((resolve) => setImmediate(resolve))

  it('renews in the last third of its life, and looks every hour', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const clock = createTestClock()
    const first = certificate(clock.now(), 90)
    assert.equal(renewalOf(first) - clock.now(), 60 * DAY_MS)
    const used: Certificate[] = []
    let asked = 0
    const obtain = async () => (asked++, certificate(clock.now(), 90))
    const keeper = new CertificateKeeper(first, { clock, logger, obtain, use: (one) => used.push(one) })
    t.after(() => keeper.stop())
    await keeper.start()
    const pass = async (hours: number) => {
      for (let hour = 0; hour < hours; hour++) {
        clock.advance(3_600_000)
        t.mock.timers.tick(3_600_000)
        await flush()
      }
    }
    await pass(60 * 24 - 1)
    assert.equal(asked, 0)
    await pass(1)
    assert.deepEqual([asked, used.length], [1, 1])
    await pass(59 * 24)
    assert.equal(asked, 1)
    keeper.stop()
    await pass(31 * 24)
    assert.equal(asked, 1)
  })

  it('asks again in pauses that grow, below what authorities allow, and forgets failures', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const clock = createTestClock()
    const began = clock.now()
    const asked: number[] = []
    let fails = true
    const obtain = async () => {
      asked.push((clock.now() - began) / 60_000)
      if (fails) throw new Error('no answer at port 80')
      return certificate(clock.now(), 90)
    }
    let used = 0
    const keeper = new CertificateKeeper(undefined, { clock, logger, obtain, use: () => used++ })
    t.after(() => keeper.stop())
    await keeper.start()
    const pass = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        clock.advance(60_000)
        t.mock.timers.tick(60_000)
        await flush()
      }
    }
    await pass(48 * 60)
    // 15 min, 30 min, 1 h, 2 h, 4 h, 8 h, and 12 h from then on.
    assert.deepEqual(asked, [0, 15, 45, 105, 225, 465, 945, 1_665, 2_385])
    fails = false
    await pass(12 * 60)
    assert.deepEqual([asked.length, used], [10, 1])
  })
})

it('a certificate without a name of the DNS has no names', { skip: noOpenssl }, (t) => {
  const { TLS_CERT, TLS_KEY } = makeCertificate(tempDir(t), '*.example.com')
  const { names, covers } = readCertificate(readFileSync(TLS_CERT, 'utf8'), readFileSync(TLS_KEY, 'utf8'))
  assert.deepEqual([names, covers('a.example.com')], [[], true])
})
