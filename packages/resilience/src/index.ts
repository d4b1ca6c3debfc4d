export * from './balanced-client.ts'
export * from './errors.ts'
export * from './http-client.ts'
export * from './policy.ts'
