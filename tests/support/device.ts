import { createECDH, randomBytes } from 'node:crypto'

/** What a browser gives when it lets itself be told of something (Web Push). */
export const subscriptionAt = (endpoint: string) => ({
  endpoint,
  keys: {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: randomBytes(16).toString('base64url'),
  },
})
