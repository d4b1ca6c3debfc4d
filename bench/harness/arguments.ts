import { parseArgs } from 'node:util'
import type { Options } from './workload.ts'

export type Arguments = {
  names: readonly string[]
  /** Unset: what the workload says, or the usual. */
  rounds: number | undefined
  options: Partial<Options>
  /** Where all results go instead of bench/results. */
  file: string | undefined
  list: boolean
}

/** Ends the process with what is wrong, when something is. */
export function readArguments(args: readonly string[], known: readonly string[]): Arguments {
  try {
    return parse(args, known)
  } catch (error) {
    console.error(`${(error as Error).message}\nnpm run bench -- --list shows all workloads.`)
    process.exit(2)
  }
}

function parse(args: readonly string[], known: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  })
  for (const name of positionals) if (!known.includes(name)) throw new Error(`There is no workload '${name}'.`)
  const number = (name: 'rounds' | 'seconds' | 'warm-up', least: number): number | undefined => {
    const text = values[name]
    if (text === undefined) return undefined
    if (!/^\d+(\.\d+)?$/.test(text) || Number(text) < least)
      throw new Error(`--${name} must be a number of at least ${least}, not '${text}'.`)
    return Number(text)
  }
  const rounds = number('rounds', 1)
  if (rounds !== undefined && !Number.isInteger(rounds)) throw new Error('--rounds must be a whole number.')
  const seconds = number('seconds', 0.1)
  const warmUpSeconds = number('warm-up', 0)
  return {
    names: positionals.length > 0 ? positionals : known,
    rounds,
    options: {
      ...(seconds === undefined ? {} : { seconds }),
      ...(warmUpSeconds === undefined ? {} : { warmUpSeconds }),
    },
    file: values.json,
    list: values.list,
  }
}
