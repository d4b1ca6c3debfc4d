import type { RouteTable } from './dispatch.ts'
import type { Target } from './target.ts'

/** Which service answers below `/api/{segment}`. The gateway's own: ops. Proxies in its place have the same (infrastructure/docker). */
export const ROUTES = {
  auth: 'user',
  profile: 'user',
  users: 'user',
  presence: 'user',
  '.well-known': 'user',
  friends: 'friend',
  reports: 'friend',
  'chat-rooms': 'chat',
  messages: 'chat',
  files: 'chat',
  stream: 'chat',
  ws: 'chat',
  notifications: 'notification',
  analytics: 'analytics',
  analyze: 'ai',
  transcribe: 'ai',
  'analyze-audio': 'ai',
  'audio-formats': 'ai',
  care: 'ai',
} as const

export type RoutedService = (typeof ROUTES)[keyof typeof ROUTES]

export const routesTo = (targets: Readonly<Record<RoutedService, Target>>): RouteTable =>
  Object.fromEntries(Object.entries(ROUTES).map(([segment, service]) => [segment, targets[service]]))
