import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { createClient } from '../index.ts'
import { fakeFetch, tokens } from '../testing/fetch.fixture.ts'

type Listener = (event: { loaded: number; total: number }) => void
type Sent = {
  headers: Map<string, string>
  answer(status: number, json: unknown, headers?: object): void
  tell: Listener
}

const scope = globalThis as { XMLHttpRequest?: unknown }
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A signed-in client in a browser whose requests are answered by hand. */
async function browser() {
  const sent: Sent[] = []
  scope.XMLHttpRequest = class {
    status = 0
    statusText = ''
    responseText = ''
    #headers = new Map<string, string>()
    #answered: Record<string, string> = {}
    #listeners = new Map<string, () => void>()
    #progress: Listener = () => {}
    upload = { addEventListener: (_type: string, listener: Listener) => (this.#progress = listener) }
    addEventListener = (type: string, listener: () => void) => this.#listeners.set(type, listener)
    open() {}
    setRequestHeader = (name: string, value: string) => this.#headers.set(name, value)
    getResponseHeader = (name: string) => this.#answered[name] ?? null
    abort = () => this.#listeners.get('abort')!()
    send() {
      const answer = (status: number, json: unknown, headers = {}) => {
        Object.assign(this, { status, responseText: JSON.stringify(json) })
        this.#answered = headers
        this.#listeners.get('load')!()
      }
      sent.push({ headers: this.#headers, answer, tell: (event) => this.#progress(event) })
    }
  }
  const server = fakeFetch(() => ({ json: tokens() }))
  const client = createClient({ baseUrl: 'http://chat', fetch: server.fetch, language: 'en' })
  await client.auth.login('a', 'x')
  const upload = (onProgress = (_sent: number, _total: number) => {}, signal?: AbortSignal) =>
    client.files.upload(new Blob(['abc']), { name: 'a.txt', onProgress, signal })
  return { sent, upload, asked: server.asked }
}

describe('an upload of a page', () => {
  afterEach(() => delete scope.XMLHttpRequest)

  it('tells how far it is, and asks for texts in the language of the page', async () => {
    const { sent, upload } = await browser()
    const told: number[] = []
    const uploading = upload((bytes) => told.push(bytes))
    await settled()
    sent[0]!.tell({ loaded: 2, total: 3 })
    sent[0]!.answer(201, { id: 'file' })
    assert.deepEqual(await uploading, { id: 'file' })
    assert.deepEqual(told, [2])
    assert.equal(sent[0]!.headers.get('accept-language'), 'en')
  })

  it('is made again with another token when the server does not take the first', async () => {
    const { sent, upload } = await browser()
    const uploading = upload()
    await settled()
    sent[0]!.answer(401, { code: 'TOKEN_EXPIRED', detail: 'expired' })
    for (let i = 0; i < 5; i++) await settled()
    assert.notEqual(sent[1]!.headers.get('authorization'), sent[0]!.headers.get('authorization'))
    sent[1]!.answer(201, { id: 'file' })
    assert.deepEqual(await uploading, { id: 'file' })
  })

  it('says when it may be tried again', async () => {
    const { sent, upload } = await browser()
    const uploading = upload()
    await settled()
    sent[0]!.answer(429, { code: 'RATE_LIMITED', detail: 'wait' }, { 'retry-after': '12' })
    await assert.rejects(uploading, { code: 'RATE_LIMITED', retryAfterMs: 12_000, temporary: true })
  })

  it('gives up on a connection that moves nothing for a minute, and only then', async (t) => {
    const { sent, upload } = await browser()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const uploading = upload()
    await settled()
    t.mock.timers.tick(59_000)
    sent[0]!.tell({ loaded: 1, total: 3 })
    t.mock.timers.tick(59_000)
    sent[0]!.tell({ loaded: 2, total: 3 })
    t.mock.timers.tick(60_000)
    await assert.rejects(uploading, { name: 'NetworkError', timedOut: true })
  })

  it('ends with its signal', async () => {
    const { upload } = await browser()
    const abort = new AbortController()
    const reason = new Error('enough')
    const uploading = upload(undefined, abort.signal)
    await settled()
    abort.abort(reason)
    await assert.rejects(uploading, reason)
  })
})
