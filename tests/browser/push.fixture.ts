import type { CDPSession, Page, Worker } from 'playwright-core'

type Shown = { title: string; body: string; tag: string; silent: boolean; link: string }

/**
 * What the device shows now. Never asked for while a notice is on its way to the screen: Chromium forgets what it does not find there when it is
 * asked, and a notice that it has noted and not yet shown is then nowhere (seen on a busy machine, when it was asked every 10 ms).
 */
export const shownBy = (worker: Worker): Promise<Shown[]> =>
  worker.evaluate(`(async () => {
    self.inTurn ??= (() => {
      let turn = Promise.resolve()
      const inTurn = (work) => {
        const done = turn.then(work)
        turn = done.catch(() => {})
        return done
      }
      const show = registration.showNotification.bind(registration)
      registration.showNotification = (...notice) => inTurn(() => show(...notice))
      return inTurn
    })()
    const shown = await self.inTurn(() => registration.getNotifications())
    return shown.map(({ title, body, tag, silent, data }) => ({ title, body, tag, silent, link: data.link }))
  })()`)

export async function workerOf(page: Page): Promise<Worker> {
  const context = page.context()
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
  return worker
}

/** Pushes as a push service does that the browser is connected to: the event is the browser's own. */
export async function pusherOf(page: Page): Promise<(payload: object) => Promise<void>> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  const registered = new Promise<string>((resolve) =>
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [one] = registrations
      if (one && !one.isDeleted) resolve(one.registrationId)
    }),
  )
  await cdp.send('ServiceWorker.enable')
  const registrationId = await registered
  const { origin } = new URL(page.url())
  return async (payload) =>
    void (await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(payload) }))
}

/** As if another window were over this one. */
export const show = (page: Page, state: 'visible' | 'hidden') =>
  page.evaluate(`{
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' })
    document.dispatchEvent(new Event('visibilitychange'))
  }`)

export const payload = (fields: object) => ({
  tag: 'room:1',
  kind: 'message',
  title: '민지',
  body: '점심 먹을래?',
  link: '/rooms',
  silent: false,
  unread: 0,
  at: Date.now(),
  ...fields,
})
