export * from './broker.ts'
export * from './memory-broker.ts'
