import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { type Proxy, startProxy } from '@bigtech/testkit'
import type { Scope } from '../testing.ts'

/**
 * A broker tells its clients where it listens, so that an address of ours would be used once only: in this process all new connections to the
 * broker take the way through the proxy.
 */
export async function throughProxy(t: Scope, broker: string): Promise<Proxy> {
  const port = Number(broker.split(':').at(-1))
  const proxy = await startProxy({ port })
  const direct = net.createConnection
  const redirected = (options: net.TcpNetConnectOpts): net.Socket =>
    direct(options.port === port ? { ...options, port: proxy.port } : options)
  Object.assign(net, { createConnection: redirected })
  syncBuiltinESMExports()
  t.after(() => {
    Object.assign(net, { createConnection: direct })
    syncBuiltinESMExports()
    proxy.close()
  })
  return proxy
}
