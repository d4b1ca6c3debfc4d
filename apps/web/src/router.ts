import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { arrived, leaveLayers } from './app/layers.ts'
import { giveUp } from './app/recordings.ts'
import ShellScreen from './screens/shell/ShellScreen.vue'
import type { CarePage } from './screens/care/pages.ts'
import { session, isAdmin } from './app/session.ts'
import { settings } from './app/settings.ts'
import { partMissing } from './app/upgrade.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Reachable without being signed in, and only then unless `always`. */
    open?: boolean
    always?: boolean
    /** Of care: what is handed in there may be looked at only with a consent. */
    needsConsent?: boolean
  }
}

/** One chunk knows where the pages of care are: not everybody who opens a chat has to. */
const carePage = (page: CarePage) => () => import('./screens/care/pages.ts').then(({ pages }) => pages[page]())
const needsConsent = { needsConsent: true }
const careRoutes: RouteRecordRaw[] = [
  { path: '', name: 'care', meta: needsConsent, component: carePage('talk') },
  { path: 'mood', name: 'care-mood', meta: needsConsent, component: carePage('mood') },
  { path: 'forms', name: 'care-forms', component: carePage('forms') },
  { path: 'forms/:name', name: 'care-form', meta: needsConsent, component: carePage('form') },
  { path: 'history', name: 'care-history', component: carePage('history') },
  { path: 'trend', name: 'care-trend', component: carePage('trend') },
  { path: 'family', name: 'care-family', component: carePage('family') },
  { path: 'family/:senior(\\d+)', name: 'care-senior', component: carePage('senior') },
]

const routes: RouteRecordRaw[] = [
  { path: '/signin', name: 'signin', meta: { open: true }, component: () => import('./screens/auth/SignIn.vue') },
  { path: '/signup', name: 'signup', meta: { open: true }, component: () => import('./screens/auth/SignUp.vue') },
  {
    path: '/forgot',
    name: 'forgot',
    meta: { open: true },
    component: () => import('./screens/auth/ForgotPassword.vue'),
  },
  {
    path: '/reset-password',
    name: 'reset',
    meta: { open: true, always: true },
    component: () => import('./screens/auth/ResetPassword.vue'),
  },
  {
    path: '/confirm-email',
    name: 'confirm-email',
    meta: { open: true, always: true },
    component: () => import('./screens/auth/ConfirmEmail.vue'),
  },
  {
    path: '/unsubscribe',
    name: 'unsubscribe',
    meta: { open: true, always: true },
    component: () => import('./screens/auth/StopDigest.vue'),
  },
  {
    path: '/',
    component: ShellScreen,
    children: [
      { path: '', redirect: () => (settings.senior ? '/senior' : '/rooms') },
      { path: 'rooms', name: 'rooms', component: () => import('./screens/rooms/RoomsScreen.vue') },
      {
        path: 'rooms/:id(\\d+)',
        name: 'room',
        component: () => import('./screens/rooms/RoomsScreen.vue'),
      },
      { path: 'friends', name: 'friends', component: () => import('./screens/friends/FriendsScreen.vue') },
      {
        path: 'settings/:section?',
        name: 'settings',
        component: () => import('./screens/settings/SettingsScreen.vue'),
      },
      { path: 'join/:code', name: 'join', component: () => import('./screens/rooms/JoinScreen.vue') },
      { path: 'senior', name: 'senior', component: () => import('./screens/senior/SeniorScreen.vue') },
      {
        path: 'care',
        component: () => import('./screens/care/CareScreen.vue'),
        children: careRoutes,
      },
      {
        path: 'ops/:section?',
        name: 'ops',
        // On a page that is just loaded nobody is known yet; the screen looks again.
        beforeEnter: () => session.status !== 'in' || isAdmin.value || { name: 'rooms' },
        component: () => import('./screens/ops/OpsScreen.vue'),
      },
      { path: ':rest(.*)*', name: 'lost', component: () => import('./screens/shell/LostScreen.vue') },
    ],
  },
]

export const router = createRouter({ history: createWebHistory(), routes })

// Before anything is closed for it. Whose session ended goes all the same.
router.beforeEach((to, from) => to.path === from.path || session.status !== 'in' || giveUp())
router.beforeEach(async (to, from) => {
  if (to.fullPath !== from.fullPath) await leaveLayers()
})
router.afterEach(arrived)
// Nothing but the parts of the page is loaded while one goes somewhere.
router.onError((_error, to) => partMissing(to.fullPath))

router.beforeEach((to) => {
  if (session.status === 'unknown' || session.status === 'unreachable' || to.meta.always) return true
  if (session.status === 'out' && !to.meta.open)
    return { name: 'signin', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (session.status === 'in' && to.meta.open) return { path: '/' }
  return true
})
