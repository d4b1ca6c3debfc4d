import { randomUUID } from 'node:crypto'
import { suite } from 'node:test'
import { findEngine } from '@bigtech/testkit'
import { connectMongodb, type MongodbOptions } from './connect.ts'

type Scope = { after(close: () => unknown): void }

function realMongodb(): ReturnType<typeof findEngine> {
  const engine = findEngine('MONGODB_URL', '')
  return engine.skip === false
    ? engine
    : { value: '', skip: 'no MONGODB_URL (npm run test:mongodb on one of your own)' }
}

/** The servers that suites run on: those that stand in for MongoDB each get other things wrong, and a real one is the operator's to name. */
const ENGINES = [
  ['MongoDB', realMongodb()],
  ['mongo-wire', findEngine('MONGO_WIRE_URL', 'mongo-wire')],
  ['FerretDB', findEngine('FERRETDB_URL', 'ferretdb')],
] as const

export type MongodbEngine = Readonly<{ name: string; url: string }>

/**
 * A suite on each of them.
 * @param missing why it cannot be run at all, whatever runs
 */
export function onEachMongodb(
  title: string,
  run: (engine: MongodbEngine) => void,
  missing: string | false = false,
): void {
  for (const [name, { value: url, skip }] of ENGINES) {
    const reason = missing || skip
    void suite(`${title} on ${name}`, { skip: reason }, () => {
      // Suites within register their tests also when this one is skipped.
      if (reason === false) run({ name, url })
    })
  }
}

/** An empty database that is dropped at the end. */
export async function temporaryMongodb(t: Scope, { url }: MongodbEngine): Promise<MongodbOptions> {
  const options = { url, database: `bigtech_test_${randomUUID().replaceAll('-', '').slice(0, 12)}`, connections: 10 }
  t.after(async () => {
    const { db, close } = await connectMongodb(options)
    await db.dropDatabase()
    await close()
  })
  return options
}
