export * from './errors.ts'
export * from './kinds.ts'
export * from './schemas.ts'
