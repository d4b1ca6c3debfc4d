import type { System } from './system.ts'

const FILES = {
  user: 'docs/api/user-service.json',
  friend: 'docs/api/friend-service.json',
  chat: 'docs/api/chat-service.json',
  notification: 'docs/api/notification-service.json',
  ai: 'docs/api/ai-service.json',
  analytics: 'docs/api/analytics-service.json',
  gateway: 'docs/api/gateway.json',
} as const

export const apiDocuments = ({ documents }: System): [string, object][] =>
  Object.entries(FILES).map(([name, path]) => [path, documents[name as keyof typeof FILES]])
