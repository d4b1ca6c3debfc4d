import type { Runtime } from './ports.ts'

/**
 * Asks until there is an answer. Only for what may be repeated.
 * @param goesOn asked before each further try; when it says no, the last error is thrown
 * @param onTrouble hears of each error that is not thrown
 */
export async function untilKnown<Answer>(
  runtime: Runtime,
  retryMs: number,
  ask: () => Promise<Answer>,
  goesOn: () => boolean = () => true,
  onTrouble: (error: unknown) => void = () => undefined,
): Promise<Answer> {
  for (let most = retryMs; ; most = Math.min(most * 2, retryMs * 10)) {
    try {
      return await ask()
    } catch (error) {
      if (!goesOn()) throw error
      onTrouble(error)
      await runtime.sleep(most * (0.2 + 0.8 * runtime.random()))
    }
  }
}
