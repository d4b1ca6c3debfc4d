/** Where Redis is: one server, a group under sentinels, or a cluster. */
export type RedisPlace =
  | Readonly<{ kind: 'single'; url: string }>
  | Readonly<{ kind: 'sentinel'; nodes: readonly Node[]; group: string } & Access>
  | Readonly<{ kind: 'cluster'; nodes: readonly Node[] } & Access>

export type Node = Readonly<{ host: string; port: number }>
export type Access = Readonly<{ username?: string; password?: string }>

const FORMS = 'redis://host:6379, redis+sentinel://host:26379,host:26379/group or redis+cluster://host:6379,host:6379'

/**
 * @param url `redis://[user:password@]host:port[/db]` (`rediss:` with TLS), `redis+sentinel://[user:password@]host:port,…/group`,
 *   `redis+cluster://[user:password@]host:port,…`
 * @throws a TypeError that says what was expected
 */
export function parseRedisUrl(url: string): RedisPlace {
  if (/^rediss?:\/\/[^,]+$/.test(url) && URL.canParse(url)) return { kind: 'single', url }
  const parts = /^redis\+(sentinel|cluster):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/]+)(?:\/([^/]+))?$/.exec(url)
  if (!parts) throw new TypeError(`a Redis URL is ${FORMS}`)
  const [, kind, username, password, hosts = '', group] = parts
  const nodes = hosts.split(',').map(nodeOf)
  const access: Access = {
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
  }
  if (kind === 'cluster') {
    if (group !== undefined) throw new TypeError('a Redis cluster has one database only: the URL ends with the hosts')
    return { kind: 'cluster', nodes, ...access }
  }
  if (group === undefined)
    throw new TypeError(`the URL of Redis under sentinels ends with the name of the group: ${FORMS}`)
  return { kind: 'sentinel', nodes, group, ...access }
}

function nodeOf(text: string): Node {
  const [, host = '', port = ''] = /^(.+?)(?::(\d+))?$/.exec(text.trim()) ?? []
  if (host === '') throw new TypeError(`'${text}' is no host: a Redis URL is ${FORMS}`)
  return { host, port: port === '' ? 6379 : Number(port) }
}
