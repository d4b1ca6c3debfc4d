type RequestInfo = Readonly<{ ip: string; headers: Readonly<Record<string, string | string[] | undefined>> }>

/** Where a request comes from, as shown in the list of sessions. */
export function clientOf(request: RequestInfo): { device: string | null; ip: string } {
  const agent = request.headers['user-agent']
  return { device: typeof agent === 'string' && agent !== '' ? agent.slice(0, 300) : null, ip: request.ip }
}
