import { createAccounts, type Account } from './accounts.ts'
import { startGenerator } from './generator.ts'
import { startProduct, type Product } from './product.ts'
import { startRaw, type Raw } from './raw.ts'
import type { Running } from './workload.ts'

/** The product with this many signed-in people, under the load that `configure` sets up in it. */
export async function startProductSide(
  people: number,
  generator: string,
  configure: (product: Product, accounts: readonly Account[]) => Promise<object>,
): Promise<Running> {
  let accounts: Account[] = []
  const product = await startProduct({
    prepare: async (folder) => {
      accounts = await createAccounts(folder, people)
    },
  })
  return underLoad(product, generator, () => configure(product, accounts))
}

/** A raw reference under the same load. */
export async function startRawSide(
  file: string,
  args: readonly string[],
  generator: string,
  configure: (raw: Raw) => object,
): Promise<Running> {
  const raw = await startRaw(file, args)
  return underLoad(raw, generator, async () => configure(raw))
}

async function underLoad(
  server: { pid: number; stop(): Promise<void> },
  file: string,
  configure: () => Promise<object>,
): Promise<Running> {
  try {
    const generator = await startGenerator(file, { ...(await configure()), serverPid: server.pid })
    return {
      measure: (options) => generator.measure(options),
      async stop() {
        await generator.stop()
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

export const portOf = (url: string): number => Number(new URL(url).port)
