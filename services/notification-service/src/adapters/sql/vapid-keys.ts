import { isUniqueViolation } from '@bigtech/sql'
import type { Db } from './schema.ts'

/** RFC 8292: base64url of an uncompressed point of P-256, and of its private scalar. */
export type VapidKeys = Readonly<{ publicKey: string; privateKey: string }>

/** Of several processes that start at once the first one's keys count. */
export async function vapidKeys(db: Db, fresh: () => Promise<VapidKeys>): Promise<VapidKeys> {
  const known = await read(db)
  if (known) return known
  const { publicKey, privateKey } = await fresh()
  try {
    await db.insertInto('vapid_keys').values({ id: 1, public_key: publicKey, private_key: privateKey }).execute()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
  return (await read(db))!
}

async function read(db: Db): Promise<VapidKeys | undefined> {
  const row = await db.selectFrom('vapid_keys').selectAll().where('id', '=', 1).executeTakeFirst()
  return row && { publicKey: row.public_key, privateKey: row.private_key }
}
