import { PASSWORD } from '../../../support/index.ts'
import type { Recorder, Who } from '../../history/recorder.ts'
import type { Answered, Person } from '../client.ts'
import type { Request } from '../requests.ts'

/** A call that had no answer: whether the server did it is not known. */
export class NoAnswer extends Error {}

export type BareHttp = ReturnType<typeof createBareHttp>

const DEADLINE_MS = 5_000

/** Calls of one signed-in person with `fetch`, one try each. A session that is over, or a token, is replaced by signing in again. */
export function createBareHttp(options: {
  /** the API root: the gateway's `/api` */
  url: string
  person: Person
  who: Who
  recorder: Recorder
  over: AbortSignal
}) {
  const { url, person, who, recorder, over } = options
  let token: string | undefined
  let signingIn: Promise<string> | undefined
  let signIns = 0

  async function attempt({ method, path, body }: Request, bearer: string | undefined): Promise<Answered> {
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([over, AbortSignal.timeout(DEADLINE_MS)]),
      })
      const text = await response.text()
      const answer: unknown = text === '' ? undefined : JSON.parse(text)
      const code = response.ok ? null : String((answer as { code?: unknown })?.code)
      return { status: response.status, code, body: answer }
    } catch (error) {
      throw new NoAnswer(error instanceof Error ? error.message : String(error))
    }
  }

  async function signIn(): Promise<string> {
    signingIn ??= (async () => {
      const credentials = { email: person.email, password: PASSWORD }
      const { status, body } = await attempt({ method: 'POST', path: '/auth/login/json', body: credentials }, undefined)
      if (status !== 200) throw new NoAnswer(`signing in: ${status} ${JSON.stringify(body)}`)
      signIns++
      return (token = (body as { access_token: string }).access_token)
    })().finally(() => (signingIn = undefined))
    return signingIn
  }

  return {
    url,
    /** @throws NoAnswer */
    token: async (): Promise<string> => token ?? signIn(),
    /** The token was refused. */
    refused(): void {
      token = undefined
    },
    signIns: () => signIns,
    /** @throws NoAnswer */
    async call(request: Request): Promise<Answered> {
      const asked = request.method === 'GET' ? recorder.asked(who, request.path) : undefined
      const used = token ?? (await signIn())
      let answer = await attempt(request, used)
      if (answer.status === 401) {
        if (token === used) token = undefined
        answer = await attempt(request, token ?? (await signIn()))
      }
      if (asked) recorder.answered(asked, answer.status, answer.body)
      return answer
    },
  }
}
