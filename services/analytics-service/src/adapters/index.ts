export * from './duckdb/fact-store.ts'
