/**
 * A cache of strings (usually JSON) that may forget anything at any time; keys follow `cache:{kind}:{id}`.
 *
 * - A value is never returned after its time to live, nor after a `delete` that resolved before the `get` began.
 * - No call ever rejects: a cache out of order behaves as an empty one, so that callers need no second path.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>
  /** @param ttlS seconds, above 0 */
  set(key: string, value: string, ttlS: number): Promise<void>
  delete(key: string): Promise<void>
}
