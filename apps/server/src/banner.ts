export type DemoLogin = { email: string; password: string; people: number }

/** What a person sees after `npm start`. */
export function banner(
  urls: { gateway: string; user: string; friend: string; chat: string },
  { demo, logFile, ms }: { demo: DemoLogin | undefined; logFile: string | undefined; ms: number },
): string {
  const rows: [string, string][] = [
    ['BigTech Chat', `${urls.gateway}/`],
    ['API (gateway)', `${urls.gateway}/docs`],
    ['user-service', `${urls.user}/docs`],
    ['friend-service', `${urls.friend}/docs`],
    ['chat-service', `${urls.chat}/docs`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, url]) => `  ${name.padEnd(width)}   ${url}`)
  const login = demo
    ? [`  Sign in to the demo: ${demo.email} / ${demo.password}   (${demo.people} people, see README)`]
    : ['  No demo data (DEMO_DATA=false, or an empty world is wanted in production).']
  const log = logFile ? [`  Log: ${logFile}`] : []
  return ['', ...table, '', ...login, ...log, `  Ready after ${ms} ms. Stop with Ctrl-C.`, ''].join('\n')
}
