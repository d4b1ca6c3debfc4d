import { Agent, request } from 'node:http'

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

/** @throws when the answer is no success */
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
