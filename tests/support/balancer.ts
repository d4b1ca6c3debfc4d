import { connect, createServer, type AddressInfo } from 'node:net'
import type { Cleanup } from '@bigtech/testkit'

/** Stands before several gateways as the balancer of an installation does: a connection goes to the next one that takes it. */
export async function startBalancer(t: Cleanup, urls: readonly string[]): Promise<string> {
  const ports = urls.map((url) => Number(new URL(url).port))
  let turn = 0
  const server = createServer((from) => {
    from.on('error', () => from.destroy())
    const attempt = (left: number) => {
      if (left === 0) return void from.destroy()
      const to = connect(ports[turn++ % ports.length]!, '127.0.0.1')
      const refused = () => attempt(left - 1)
      to.once('error', refused)
      to.once('connect', () => {
        to.off('error', refused)
        to.on('error', () => from.destroy())
        from.on('close', () => to.destroy())
        to.on('close', () => from.destroy())
        from.pipe(to).pipe(from)
      })
    }
    attempt(ports.length)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
