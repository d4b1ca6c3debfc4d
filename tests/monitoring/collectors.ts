import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually, freePort, type Cleanup } from '@bigtech/testkit'
import { starter } from './prometheus.ts'

export type Span = Readonly<{ service: string; name: string; id: string; parent: string | undefined }>

/** Takes spans over OTLP, and gives back those of a trace. */
export type Collector = Readonly<{ endpoint: string; spans(traceId: string): Promise<Span[]> }>

type OtlpSpan = { traceId: string; spanId: string; parentSpanId?: string; name: string }
type OtlpBody = {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] }
    scopeSpans: { spans: OtlpSpan[] }[]
  }[]
}

/** Of a few lines, for where there is no other. */
export async function openOwnCollector(t: Cleanup): Promise<Collector> {
  const taken: (Span & { trace: string })[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as OtlpBody
      for (const { resource, scopeSpans } of resourceSpans) {
        const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? ''
        for (const { traceId, spanId, parentSpanId, name } of scopeSpans.flatMap(({ spans }) => spans))
          taken.push({ service, name, id: spanId, parent: parentSpanId, trace: traceId })
      }
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { endpoint, spans: async (traceId) => taken.filter(({ trace }) => trace === traceId) }
}

type JaegerTrace = {
  spans: { spanID: string; operationName: string; processID: string; references: { spanID: string }[] }[]
  processes: Record<string, { serviceName: string }>
}

/** The program that JAEGER names (Jaeger 1, all-in-one), asked as its own pages ask it. */
export async function startJaeger(t: Cleanup, program: string): Promise<Collector> {
  const start = starter(t)
  const [otlp, query] = [await freePort(), await freePort()]
  // It listens on a dozen ports; those that nobody here uses are any.
  const others = [
    'collector.otlp.grpc.host-port',
    'collector.grpc-server.host-port',
    'collector.http-server.host-port',
    'query.grpc-server.host-port',
    'admin.http.host-port',
  ]
  start(program, [
    `--collector.otlp.http.host-port=127.0.0.1:${otlp}`,
    `--query.http-server.host-port=127.0.0.1:${query}`,
    ...(await Promise.all(others.map(async (name) => `--${name}=127.0.0.1:${await freePort()}`))),
    '--log-level=error',
  ])
  const ask = (path: string) => fetch(`http://127.0.0.1:${query}/api/${path}`)
  await eventually(async () => {
    if ((await ask('services')).status !== 200) throw new Error('Jaeger does not answer')
  })
  return {
    endpoint: `http://127.0.0.1:${otlp}`,
    async spans(traceId) {
      const answer = await ask(`traces/${traceId}`)
      if (answer.status === 404) return []
      const { data } = (await answer.json()) as { data: JaegerTrace[] }
      return data.flatMap(({ spans, processes }) =>
        spans.map(({ spanID, operationName, processID, references }) => ({
          service: processes[processID]!.serviceName,
          name: operationName,
          id: spanID,
          parent: references[0]?.spanID,
        })),
      )
    },
  }
}
