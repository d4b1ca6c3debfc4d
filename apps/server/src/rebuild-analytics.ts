import { setTimeout as sleep } from 'node:timers/promises'
import { StartupError } from './startup-error.ts'

/** As analytics-service tells it (`GET /analytics/rebuild`). */
type State = Readonly<{ state: string; events: number; total: number; problem: string | null }>

const LOOK_MS = 200
const WIDTH = 40

/** Has the server do it that runs at the address, and shows how far it is. @throws StartupError */
export async function rebuildRemotely(gateway: string, login: { email: string; password: string }): Promise<void> {
  const api = `${gateway.replace(/\/+$/, '')}/api`
  const ask = async <T>(method: string, path: string, token?: string, body?: object): Promise<T> => {
    const answer = await fetch(`${api}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }).catch((error: unknown) => {
      throw new StartupError(
        `No server answers at ${gateway}: ${error instanceof Error ? error.message : String(error)}.`,
      )
    })
    const decoded = (await answer.json().catch(() => ({}))) as T & { detail?: string }
    if (!answer.ok) throw new StartupError(`${gateway} refuses it: ${decoded.detail ?? answer.status}`)
    return decoded
  }
  const { access_token: token } = await ask<{ access_token: string }>('POST', '/auth/login/json', undefined, login)
  await ask('POST', '/analytics/rebuild', token)
  await showProgress(() => ask<State>('GET', '/analytics/rebuild', token))
}

/** Until it has ended. On a terminal a bar, elsewhere a line each time that a tenth is done. @throws StartupError when it failed */
export async function showProgress(state: () => Promise<State>): Promise<void> {
  let tenth = -1
  for (;;) {
    const { state: now, events, total, problem } = await state()
    const share = total === 0 ? 0 : Math.min(1, events / total)
    const done = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')
    const line = `${done} ${Math.floor(share * 100)} %  ${events} / ${total}`
    if (process.stdout.isTTY) process.stdout.write(`\r${line}`)
    else if (Math.floor(share * 10) !== tenth) console.log(line)
    tenth = Math.floor(share * 10)
    if (now !== 'running') {
      if (process.stdout.isTTY) process.stdout.write('\n')
      if (now === 'failed') throw new StartupError(`The statistics were not made anew: ${problem}`)
      return console.log(`The statistics were made anew from ${events} of ${total}.`)
    }
    await sleep(LOOK_MS)
  }
}
