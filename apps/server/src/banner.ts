import { SERVICE_ROLES, type Role } from './roles.ts'

export type DemoLogin = { email: string; password: string; people: number }

/** What a person sees after `npm start`. */
export function banner(
  urls: Readonly<Record<Role, string>>,
  options: Readonly<{
    demo: DemoLogin | undefined
    logFile: string | undefined
    ms: number
    /** Where people reach it over TLS; undefined without a certificate. */
    httpsUrl?: string | undefined
    /** What whoever starts it should know. */
    warnings?: readonly string[]
  }>,
): string {
  const { demo, logFile, ms, httpsUrl, warnings = [] } = options
  const rows: [string, string][] = [
    ...(httpsUrl === undefined ? [] : [['BigTech Chat', `${httpsUrl}/`] satisfies [string, string]]),
    [httpsUrl === undefined ? 'BigTech Chat' : 'on this machine', `${urls.gateway}/`],
    ['API (gateway)', `${urls.gateway}/docs`],
    ...SERVICE_ROLES.map((role): [string, string] => [`${role}-service`, `${urls[role]}/docs`]),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, url]) => `  ${name.padEnd(width)}   ${url}`)
  const login = demo
    ? [`  Sign in to the demo: ${demo.email} / ${demo.password}   (${demo.people} people, see README)`]
    : ['  No demo data (DEMO_DATA=false, or an empty world is wanted in production).']
  const log = logFile ? [`  Log: ${logFile}`] : []
  const notes = warnings.map((warning) => `  Warning: ${warning}`)
  return ['', ...table, '', ...login, ...log, ...notes, `  Ready after ${ms} ms. Stop with Ctrl-C.`, ''].join('\n')
}

/** What a process of the distributed profile says of itself. */
export function processBanner(
  { urls, internalUrls }: Readonly<{ urls: Addresses; internalUrls: Addresses }>,
  { logFile, ms }: { logFile: string | undefined; ms: number },
): string {
  const nameOf = (role: string) => (role === 'gateway' ? role : `${role}-service`)
  const rows = Object.entries(urls).map(([role, url]) => [nameOf(role), url, internalUrls[role]] as const)
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(
    ([name, url, internal]) => `  ${name.padEnd(width)}   ${url}${internal ? `   (for services: ${internal})` : ''}`,
  )
  const log = logFile ? [`  Log: ${logFile}`] : []
  return [...lines, ...log, `  Ready after ${ms} ms. Stop with Ctrl-C.`].join('\n')
}

type Addresses = Readonly<Record<string, string | undefined>>
