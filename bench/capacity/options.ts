import { USUAL, type Demand } from './model.ts'

export class OptionError extends Error {}

/** Of each option: the field, and the least and most it may be. */
const FIELDS: Readonly<Record<string, readonly [field: keyof Demand, least: number, most: number]>> = {
  users: ['users', 1, 1e10],
  online: ['online', 0, 1],
  devices: ['devices', 0, 20],
  'peak-messages': ['peakMessages', 0, 1e9],
  recipients: ['recipients', 0, 1e5],
  'peak-to-average': ['peakToAverage', 1, 100],
  'keep-days': ['keepDays', 0, 36_500],
  utilization: ['utilization', 0.05, 1],
  'core-speed': ['coreSpeed', 0.1, 20],
  replicas: ['replicas', 1, 9],
}

export const OPTIONS = {
  ...Object.fromEntries(Object.keys(FIELDS).map((name) => [name, { type: 'string' as const }])),
  json: { type: 'boolean' as const, default: false },
}

export const usualOptions = (): string[] => Object.entries(FIELDS).map(([name, [field]]) => `--${name} ${USUAL[field]}`)

/** Numbers as JavaScript writes them: 420e3, 0.2. @throws OptionError */
export function demandOf(values: Readonly<Record<string, string | boolean | undefined>>): Demand {
  const demand: Record<keyof Demand, number> = { ...USUAL }
  for (const [name, [field, least, most]] of Object.entries(FIELDS)) {
    const text = values[name]
    if (typeof text !== 'string') continue
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!(value >= least && value <= most))
      throw new OptionError(`--${name} must be a number from ${least} to ${most}, not '${text}'.`)
    demand[field] = value
  }
  return demand
}
