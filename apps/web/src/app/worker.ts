import { watch } from 'vue'
import type { GoCommand, TellCommand } from '../lib/notices.ts'
import { session } from './session.ts'

/** The service worker (src/worker): there from the first time somebody is signed in, where the browser has any. */
const possible = 'serviceWorker' in navigator && import.meta.env.PROD

let registering: Promise<ServiceWorkerRegistration | undefined> | undefined

export function startWorker(go: (link: string) => void): void {
  if (!possible) return
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<GoCommand>) => {
    if (data.type === 'go') go(data.link)
  })
  // Before that, nothing should take the network from the sign-in.
  watch(
    () => session.status,
    (status) => {
      if (status === 'in') void workerRegistration()
    },
  )
}

/** Waits until it works. @returns undefined where there is none, or none now: without a network, or with a full disk */
export function workerRegistration(): Promise<ServiceWorkerRegistration | undefined> {
  registering ??= register().then((found) => {
    // The next one who needs it tries again.
    if (!found) registering = undefined
    return found
  })
  return registering
}

async function register(): Promise<ServiceWorkerRegistration | undefined> {
  if (!possible) return undefined
  try {
    return await working(await navigator.serviceWorker.register('/worker.js', { updateViaCache: 'none' }))
  } catch {
    // Without it the page does all but what needs it.
    return undefined
  }
}

function working(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration | undefined> {
  const { active, waiting, installing } = registration
  const coming = active ?? waiting ?? installing
  const { promise, resolve } = Promise.withResolvers<ServiceWorkerRegistration | undefined>()
  const look = () => {
    if (!coming || coming.state === 'redundant') resolve(undefined)
    else if (coming.state === 'activated') resolve(registration)
  }
  coming?.addEventListener('statechange', look)
  look()
  return promise
}

/** @returns the registration if it works already */
export const currentRegistration = async (): Promise<ServiceWorkerRegistration | undefined> => {
  const found = possible ? await navigator.serviceWorker.getRegistration('/') : undefined
  return found?.active ? found : undefined
}

/** The worker shows it, if nobody looks at what it is about. */
export async function tellByWorker(payload: TellCommand['payload']): Promise<void> {
  const { active } = (await currentRegistration()) ?? {}
  active?.postMessage({ type: 'tell', payload } satisfies TellCommand)
}
