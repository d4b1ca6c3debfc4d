import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export type TakenMail = { to: string; eml: string }

/** A real mail server for tests, on a port of its own. It can end, and begin again there. */
export async function startMailServer(t: { after(end: () => Promise<void>): void }) {
  const taken: TakenMail[] = []
  /** The number every sender is refused with. */
  const senders: { refusedWith?: number } = {}
  /** By recipient: the number it is refused with. */
  const refused = new Map<string, number>()
  let connections = 0
  let server: SMTPServer | undefined
  const listen = (port: number) => {
    const opened = new SMTPServer({
      authOptional: true,
      // Its certificate is nobody's.
      disabledCommands: ['STARTTLS'],
      onConnect(_session, done) {
        connections++
        done()
      },
      onMailFrom(_address, _session, done) {
        const code = senders.refusedWith
        done(code === undefined ? null : Object.assign(new Error('who are you'), { responseCode: code }))
      },
      onRcptTo({ address }, _session, done) {
        const code = refused.get(address)
        done(code === undefined ? null : Object.assign(new Error('not now'), { responseCode: code }))
      },
      async onData(stream, session, done) {
        const eml = await text(stream)
        for (const { address } of session.envelope.rcptTo) taken.push({ to: address, eml })
        done()
      },
    })
    // A client that is gone is no fault of the server.
    opened.on('error', () => {})
    server = opened
    return new Promise<void>((resolve) => void opened.listen(port, '127.0.0.1', resolve))
  }
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server) return resolve()
      server.close(() => resolve())
      server = undefined
    })
  await listen(0)
  const { port } = server!.server.address() as AddressInfo
  t.after(stop)
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    refused,
    senders,
    connections: () => connections,
    stop,
    startAgain: () => listen(port),
  }
}
