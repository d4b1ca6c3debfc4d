import type { ReadsConfig } from '../load/reads.ts'
import { startGenerator } from './generator.ts'
import { startProduct, type Product } from './product.ts'
import { portOf } from './sides.ts'
import type { Running } from './workload.ts'

/** The product on a data folder that `prepare` filled, under the load that `configure` sets up. */
export async function startFilledSide<Data>(
  prepare: (folder: string) => Promise<Data>,
  generator: string,
  configure: (product: Product, data: Data) => object | Promise<object>,
): Promise<Running> {
  let data: Data | undefined
  const product = await startProduct({
    prepare: async (folder) => {
      data = await prepare(folder)
    },
  })
  try {
    const load = await startGenerator(generator, { ...(await configure(product, data!)), serverPid: product.pid })
    return {
      measure: (options) => load.measure(options),
      async stop() {
        await load.stop()
        await product.stop()
      },
    }
  } catch (error) {
    await product.stop()
    throw error
  }
}

/** Reads of a product that `prepare` filled: it says which. */
export const startReads = (
  prepare: (folder: string) => Promise<ReadsConfig['reads']>,
  clients: ReadsConfig['clients'],
): Promise<Running> =>
  startFilledSide(
    prepare,
    'reads.ts',
    ({ urls }, reads) => ({ port: portOf(urls.chat), clients, reads }) satisfies Omit<ReadsConfig, 'serverPid'>,
  )
