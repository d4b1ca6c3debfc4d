export * from './archive/archive.ts'
export * from './archive/archived-fact-store.ts'
export * from './duckdb/fact-store.ts'
