type Waiting<Task, Answer> = Readonly<{
  task: Task
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}>

const AT_A_TIME = 2
const OUTAGES: ReadonlySet<unknown> = new Set(['STORAGE_UNAVAILABLE', 'STORAGE_UNCERTAIN'])

const isOutage = (error: unknown): boolean => OUTAGES.has((error as { code?: unknown }).code)

/**
 * Does in one go what is asked for while others are under way, two at a time: one waits for the disk while the next is put together. What fails together
 * is done again one by one, so that none fails for another's fault: the work must be repeatable. An outage is nobody's fault, and everybody's failure at once.
 * @param all answers, or rejects, for all of them; in their order
 * @param options.sizeOf of a task; `most` of it go together, or a single task of any size
 */
export function together<Task, Answer>(
  all: (tasks: readonly Task[]) => Promise<readonly Answer[]>,
  options: Readonly<{ sizeOf: (task: Task) => number; most: number }>,
): (task: Task) => Promise<Answer> {
  const waiting: Waiting<Task, Answer>[] = []
  let running = 0

  async function runAll(): Promise<void> {
    running++
    // What comes in the same turn goes together.
    await Promise.resolve()
    while (waiting.length > 0) await runSome(take())
    running--
  }

  function take(): Waiting<Task, Answer>[] {
    let size = 0
    const end = waiting.findIndex(({ task }, i) => {
      size += options.sizeOf(task)
      return i > 0 && size > options.most
    })
    return waiting.splice(0, end < 0 ? waiting.length : end)
  }

  async function runSome(some: readonly Waiting<Task, Answer>[]): Promise<void> {
    try {
      const answers = await all(some.map(({ task }) => task))
      for (const [i, { resolve }] of some.entries()) resolve(answers[i]!)
    } catch (error) {
      if (some.length === 1 || isOutage(error)) {
        for (const { reject } of some) reject(error)
        return
      }
      await Promise.all(some.map((one) => runSome([one])))
    }
  }

  return (task) =>
    new Promise((resolve, reject) => {
      waiting.push({ task, resolve, reject })
      if (running < AT_A_TIME) void runAll()
    })
}
