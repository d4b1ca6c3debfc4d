export * from './background.ts'
export * from './runtime.ts'
export * from './timers.ts'
