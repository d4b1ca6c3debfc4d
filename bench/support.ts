import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Target = {
  urls: { gateway: string; user: string; friend: string; chat: string }
  pid: number
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts the real program as `npm start` does (durability, logs, metrics, authorisation on), on free ports and an empty data folder. */
export async function startTarget(env: Record<string, string> = {}): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'bigtech-bench-'))
  const ports = { gateway: await freePort(), user: await freePort(), friend: await freePort(), chat: await freePort() }
  const child = spawn(
    process.execPath,
    [
      '--max-semi-space-size=4',
      ...(process.env['BENCH_NODE_ARGS']?.split(' ') ?? []),
      join(import.meta.dirname, '../apps/server/src/main.ts'),
    ],
    {
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/bigtech'),
        DATA_DIR: folder,
        LOG_FILE: join(folder, 'server.log'),
        DEMO_DATA: 'false',
        RATE_LIMIT_ANONYMOUS: '1000000',
        RATE_LIMIT_USER: '100000000',
        GATEWAY_PORT: `${ports.gateway}`,
        USER_SERVICE_PORT: `${ports.user}`,
        FRIEND_SERVICE_PORT: `${ports.friend}`,
        CHAT_SERVICE_PORT: `${ports.chat}`,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => text.includes('Ready after') && resolve())
    void exited.then(() => reject(new Error('the server ended before it was ready')))
  })
  const url = (port: number) => `http://127.0.0.1:${port}`
  return {
    urls: { gateway: url(ports.gateway), user: url(ports.user), friend: url(ports.friend), chat: url(ports.chat) },
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 })

export type Answer = { status: number; body: string; ms: number }

/** One request on a kept-alive connection; `ms` from just before the write to the last byte. */
export function call(method: string, url: string, token?: string, body?: object): Promise<Answer> {
  const started = performance.now()
  const payload = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const headers = {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(payload ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) } : {}),
    }
    const sent = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          body: Buffer.concat(chunks).toString(),
          ms: performance.now() - started,
        }),
      )
    })
    sent.on('error', reject)
    sent.end(payload)
  })
}

export async function json(
  method: string,
  url: string,
  token?: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const answer = await call(method, url, token, body)
  if (answer.status >= 400) throw new Error(`${method} ${url}: ${answer.status} ${answer.body}`)
  return answer.body === '' ? {} : (JSON.parse(answer.body) as Record<string, unknown>)
}

export type Person = { id: number; token: string }

export async function people(target: Target, count: number): Promise<Person[]> {
  const password = 'Bench1234!'
  const made: Person[] = []
  for (let start = 0; start < count; start += 20)
    made.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(20, count - start) }, async (_, i) => {
          const username = `bench${start + i}`
          const email = `${username}@example.com`
          const { id } = await json('POST', `${target.urls.user}/auth/register`, undefined, {
            email,
            username,
            password,
            display_name: `벤치 ${start + i}`,
          })
          const { access_token } = await json('POST', `${target.urls.user}/auth/login/json`, undefined, {
            email,
            password,
          })
          return { id: Number(id), token: String(access_token) }
        }),
      )),
    )
  return made
}

/** The value below which the share `p` of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}

/** Resident memory of a process, MiB. */
export function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}
