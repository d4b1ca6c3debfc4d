import type { OwnProfile } from '@bigtech/client'
import { computed, shallowReactive } from 'vue'
import { within } from '../lib/within.ts'
import { client, onSignedOut } from './client.ts'
import { errorText } from './errors.ts'
import { toast } from './feedback.ts'

type SessionState = {
  /** `unreachable`: whether somebody is signed in cannot be asked now. */
  status: 'unknown' | 'unreachable' | 'out' | 'in'
  me: OwnProfile | undefined
  /** Why the last session ended, if it was not the user who ended it. */
  endedBy: string | undefined
}

export const session = shallowReactive<SessionState>({ status: 'unknown', me: undefined, endedBy: undefined })

export const isAdmin = computed(() => session.me?.role === 'admin')

/** Nobody has opened the link of a mail to one's address yet. */
export const isUnconfirmed = computed(() => session.me?.email_verified === false && session.me.email !== null)

/** While the user signs out, the end of the session is no news. */
let leaving = false

onSignedOut((code) => {
  if (leaving) return
  session.status = 'out'
  session.me = undefined
  session.endedBy = code
})

/** Tabs tell each other that somebody signed in: the cookie of it is theirs, too. */
export const tabs = new BroadcastChannel('bigtech-chat:session')

// Who opened the page without a network need not press anything once it is there.
addEventListener('online', () => void (session.status === 'unreachable' && restoreSession()))

/** A server that is away, to be updated perhaps, tells nobody when it is back. ms */
const AGAIN_MS = 5_000
let again: ReturnType<typeof setTimeout> | undefined
let restoring: Promise<void> | undefined

/** Takes up the session of the page before, if there is one; while that cannot be asked, it is asked again. */
export function restoreSession(): Promise<void> {
  restoring ??= restore().finally(() => (restoring = undefined))
  return restoring
}

async function restore(): Promise<void> {
  clearTimeout(again)
  try {
    if (await client.auth.restore()) await enter()
    else session.status = 'out'
  } catch {
    session.status = 'unreachable'
    again = setTimeout(restoreSession, AGAIN_MS)
  }
}

export async function signIn(account: string, password: string): Promise<void> {
  await client.auth.login(account, password)
  await enter()
  tabs.postMessage('in')
}

type Farewell = (account: number) => Promise<unknown> | void

const farewells: Farewell[] = []
/** What a browser does not do by then, a database or a push service of it, it does afterwards, or never: nobody stays signed in for that. ms */
const FAREWELL_MS = 3_000

/**
 * What is to be done, in this order, when the user has signed out, before anybody else can sign in; what fails or takes too long keeps nobody.
 * Not when a session is ended.
 */
export const onSignOut = (farewell: Farewell): void => void farewells.push(farewell)

export async function signOut(): Promise<void> {
  const account = session.me?.id
  leaving = true
  try {
    await client.auth.logout()
  } catch (error) {
    // The server could not be asked: the user is still signed in, and is told.
    if (client.auth.session()) return toast('error', errorText(error))
  } finally {
    leaving = false
  }
  if (account !== undefined)
    for (const farewell of farewells) await within(FAREWELL_MS, Promise.resolve(farewell(account))).catch(() => {})
  session.status = 'out'
  session.me = undefined
  session.endedBy = undefined
}

/** Takes up what was changed elsewhere: in another window, by the link in a mail. What cannot be asked now stays as it is known. */
export async function renewProfile(): Promise<void> {
  const before = session.me
  if (!before) return
  const me = await client.profile.get().catch(() => undefined)
  // What was saved here meanwhile is newer.
  if (me?.id === before.id && session.me === before) session.me = me
}

/** Of a session that the client has: takes up whose it is. */
export async function enter(): Promise<void> {
  session.me = await client.profile.get()
  session.endedBy = undefined
  session.status = 'in'
}
