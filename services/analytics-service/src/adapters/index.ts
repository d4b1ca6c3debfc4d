export * from './archive/archive.ts'
export * from './archive/archived-fact-store.ts'
export { hasDuckdb } from './duckdb/database.ts'
export * from './duckdb/fact-store.ts'
