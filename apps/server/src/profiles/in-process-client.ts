import type { App } from '@bigtech/http'
import { HttpStatusError, dependencyErrors, type HttpClient, type RequestOptions } from '@bigtech/resilience'
import { childTraceparent } from '@bigtech/telemetry'

/**
 * A service of this very process as an HttpClient: the same routes, authorisation and answers, without sockets. There is nothing to
 * time out or break open, so there are no policies either.
 * @param app called at the first use: services are made before their hosts
 */
export function createInProcessClient(app: () => App): HttpClient {
  async function send<T>(
    method: 'GET' | 'POST',
    path: string,
    payload: object | undefined,
    options: RequestOptions<T>,
  ): Promise<T> {
    const query = Object.entries(options.query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    const response = await app().inject({
      method,
      url: path,
      query: Object.fromEntries(query) as Record<string, string>,
      headers: { traceparent: childTraceparent(), ...options.headers },
      ...(payload ? { payload } : {}),
    })
    const body: unknown = response.body === '' ? undefined : response.json()
    if (response.statusCode >= 500) throw dependencyErrors.DEPENDENCY_UNAVAILABLE({ cause: body })
    if (response.statusCode >= 400)
      throw new HttpStatusError(method, new URL(path, 'http://in-process'), response.statusCode, body)
    return options.decode ? options.decode(body) : (body as T)
  }
  return {
    get: (path, options = {}) => send('GET', path, undefined, options),
    post: (path, body, options = {}) => send('POST', path, body as object, options),
  }
}
