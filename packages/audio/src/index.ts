export { SAMPLE_RATE } from './limits.ts'
