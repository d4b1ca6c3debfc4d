import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { tempDir } from '@bigtech/testkit'
import { readArchive, writeArchive } from './archive.ts'

/** Small enough that its end comes with the last of it. */
async function archive(t: TestContext) {
  const dir = tempDir(t)
  const [from, into, file] = [join(dir, 'from'), join(dir, 'into'), join(dir, 'archive')]
  for (const folder of [from, into]) mkdirSync(folder)
  writeFileSync(join(from, 'zeros'), Buffer.alloc(300_000))
  writeFileSync(join(from, 'text'), '안녕하세요')
  await writeArchive(file, { folder: from, names: ['zeros', 'text'], passphrase: undefined })
  const read = (bytes: Buffer) => {
    writeFileSync(file, bytes)
    return readArchive(file, { into, passphrase: undefined })
  }
  return { whole: readFileSync(file), into, read }
}

test('what was packed is unpacked, however its end came', async (t) => {
  const { whole, into, read } = await archive(t)
  await read(whole)
  assert.equal(readFileSync(join(into, 'text'), 'utf8'), '안녕하세요')
  assert.equal(readFileSync(join(into, 'zeros')).length, 300_000)
})

test('each byte that was changed is noticed, unless all comes out as it was, and what follows the end', async (t) => {
  const { whole, read } = await archive(t)
  const noticed = (bytes: Buffer, what: string) => assert.rejects(read(bytes), /is no backup, or is damaged/, what)
  const packed = zstdDecompressSync(whole)
  // It may name the same bytes in another place.
  let harmless = 0
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole)
    changed[at] = changed[at]! ^ 0xff
    const problem = await read(changed).then(
      () => undefined,
      (error: unknown) => String(error),
    )
    if (problem !== undefined) {
      assert.match(problem, /is no backup, or is damaged/)
      continue
    }
    assert.deepEqual(zstdDecompressSync(changed), packed, `byte ${at} of ${whole.length}`)
    harmless++
  }
  assert.ok(harmless < whole.length / 50, `${harmless} of ${whole.length}`)
  await noticed(Buffer.concat([whole, Buffer.from('x')]), 'something')
  await noticed(Buffer.concat([whole, zstdCompressSync('x')]), 'another frame')
  await noticed(Buffer.concat([whole, whole]), 'twice')
})
