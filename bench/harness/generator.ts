import { join } from 'node:path'
import { startProcess, stopProcess } from './processes.ts'
import type { Figures, Options, Running } from './workload.ts'

type Answer = { figures?: Figures; error?: string; ready?: true }

/**
 * Starts a load generator of `bench/load`: a process of its own, so that nothing else takes its turn of the event loop and its
 * processor time is measured apart.
 */
export async function startGenerator(file: string, config: object): Promise<Running> {
  const child = startProcess(['--max-semi-space-size=32', join(import.meta.dirname, '../load', file)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ask = (question: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the load generator ${file} ended`))
      child.once('exit', ended)
      child.once('message', (answer: Answer) => {
        child.off('exit', ended)
        if (answer.error === undefined) resolve(answer)
        else reject(new Error(`${file}: ${answer.error}`))
      })
      child.send(question)
    })
  await ask({ config })
  return {
    measure: async (options: Options) => (await ask({ measure: options })).figures!,
    stop: () => stopProcess(child),
  }
}

type Measure = (options: Options) => Promise<Figures>

/**
 * The other half, in the generator's process: `start` gets what `startGenerator` was given and connects; the function it returns
 * does one round.
 */
export function serveGenerator(start: (config: never) => Promise<Measure>): void {
  let measure: Measure | undefined
  const answer = async (question: { config?: never; measure?: Options }): Promise<Answer> => {
    if (question.config) measure = await start(question.config)
    return question.measure ? { figures: await measure!(question.measure) } : { ready: true }
  }
  const send = (message: Answer) => process.send!(message)
  const fail = (error: unknown) => send({ error: error instanceof Error ? error.stack! : String(error) })
  process.on('message', (question: object) => {
    void answer(question).then(send, fail)
  })
  // A connection that breaks has no caller: it fails the round under way.
  process.on('uncaughtException', fail)
  process.on('disconnect', () => process.exit())
}
