import { join } from 'node:path'
import { startProcess, stopProcess } from './processes.ts'

/** The commands of a generator that is led step by step, where `startGenerator` leads rounds. */
export type Commands = Record<string, (argument: never) => Promise<object>>

type Question = { id: number; command: string; argument: unknown }
type Answer = { id: number; value?: object; error?: string }

export type Worker<C extends Commands> = {
  ask<K extends keyof C & string>(command: K, argument: Parameters<C[K]>[0]): ReturnType<C[K]>
  stop(): Promise<void>
}

/** Starts a file of `bench/load` that calls `serveCommands`. */
export function startWorker<C extends Commands>(file: string): Worker<C> {
  const child = startProcess(['--max-semi-space-size=32', join(import.meta.dirname, '../load', file)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const waiting = new Map<number, { resolve(value: object): void; reject(error: Error): void }>()
  let asked = 0
  child.on('message', ({ id, value, error }: Answer) => {
    const asker = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asker?.resolve(value!)
    else asker?.reject(new Error(error))
  })
  child.once('exit', () => {
    for (const asker of waiting.values()) asker.reject(new Error(`${file} ended`))
  })
  return {
    ask: (command, argument) =>
      new Promise((resolve, reject) => {
        const id = ++asked
        waiting.set(id, { resolve, reject })
        child.send({ id, command, argument } satisfies Question)
      }) as never,
    stop: () => stopProcess(child),
  }
}

/** The other half, in the process of the worker. */
export function serveCommands(commands: Commands): void {
  process.on('message', ({ id, command, argument }: Question) => {
    const answer = (rest: Omit<Answer, 'id'>) => void process.send!({ id, ...rest })
    commands[command]!(argument as never).then(
      (value) => answer({ value }),
      (error: unknown) => answer({ error: error instanceof Error ? error.stack! : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
}
