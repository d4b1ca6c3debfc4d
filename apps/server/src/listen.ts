import type { AddressInfo } from 'node:net'
import type { App } from '@bigtech/http'
import { StartupError } from './startup-error.ts'

/** As many as the system allows (on Linux net.core.somaxconn) may wait to be accepted: everybody may come at once. */
const BACKLOG = 65_535

/** @returns the port listened on @throws StartupError naming the variable when the port cannot be had */
export async function listen(app: App, host: string, port: number, variable: string): Promise<number> {
  try {
    await app.listen({ host, port, backlog: BACKLOG })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new StartupError(
        `Port ${port} is already in use by another program. Stop it, or set ${variable} to a free port.`,
      )
    if (code === 'EACCES')
      throw new StartupError(`Port ${port} may not be used by this user. Set ${variable} to a port above 1023.`)
    if (code === 'EADDRNOTAVAIL') throw new StartupError(`HOST ${host} is no address of this machine.`)
    throw error
  }
  return (app.server.address() as AddressInfo).port
}
