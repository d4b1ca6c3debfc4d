import assert from 'node:assert/strict'
import { connect } from 'node:net'
import type { Problem } from './types.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Answer = { status: number; headers: Headers; text: string; json: () => unknown }

export type CallOptions = {
  token?: string | undefined
  /** Sent as JSON, but for bytes, text and forms, which are sent as they are. */
  body?: unknown
  headers?: Record<string, string>
  /** ms; default 10 s */
  deadlineMs?: number
}

/** No request of these tests may take longer unless it says so: a hang is a failure. */
export const DEADLINE_MS = 10_000

export async function call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
  const { token, body, deadlineMs = DEADLINE_MS } = options
  const asIs =
    body === undefined ||
    typeof body === 'string' ||
    body instanceof Uint8Array ||
    body instanceof FormData ||
    body instanceof URLSearchParams
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(asIs ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: asIs ? (body as string) : JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(deadlineMs),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown }
}

/** The JSON of an answer that must have succeeded (undefined for 204). */
export async function ok<T = unknown>(answer: Promise<Answer>): Promise<T> {
  const { status, text, json } = await answer
  assert.ok(status >= 200 && status < 300, `${status}: ${text}`)
  return text === '' ? (undefined as T) : (json() as T)
}

/** Asserts a problem document: status, code, media type, and nothing of our insides. */
export function assertProblem(answer: Answer, status: number, code: string, detail?: string | RegExp): Problem {
  assert.equal(answer.status, status, answer.text)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const problem = answer.json() as Problem
  assert.equal(problem.code, code)
  assert.equal(problem.status, status)
  assert.ok(problem.detail.length > 0)
  assert.match(problem.trace_id, /^[0-9a-f]{32}$/)
  if (typeof detail === 'string') assert.equal(problem.detail, detail)
  else if (detail) assert.match(problem.detail, detail)
  return problem
}

/**
 * Sends bytes to a port as they are and resolves with all that came back until the server closed. @throws after the deadline
 * @param options.followUp sent after the first answer
 */
export function sendRaw(
  url: string,
  bytes: string | Buffer,
  { deadlineMs = DEADLINE_MS, followUp }: { deadlineMs?: number; followUp?: string } = {},
): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`not closed after ${deadlineMs} ms: ${JSON.stringify(String(bytes).slice(0, 80))} → ${answer}`))
    }, deadlineMs)
    socket.setEncoding('utf8').on('data', (text) => {
      if (followUp !== undefined && answer === '') socket.write(followUp)
      answer += String(text)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer)
    })
  })
}
