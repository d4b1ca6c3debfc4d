import { HALVES } from './halves.ts'

/** A tensor as it stands in the file. */
export type Variable = Readonly<{ dims: readonly number[]; type: number; data: Buffer }>

const FLOAT32 = 0
const FLOAT16 = 4
/** Aliases are in files since this version. */
const LEAST_VERSION = 6

/** The variables of a CTranslate2 model file (`model.bin`). @throws Error for another format */
export function readCt2(file: Buffer): Map<string, Variable> {
  let at = 0
  const take = (bytes: number) => file.subarray(at, (at += bytes))
  const u8 = () => take(1).readUInt8()
  const u32 = () => take(4).readUInt32LE()
  // With a zero at its end.
  const string = () => take(take(2).readUInt16LE()).toString('latin1').slice(0, -1)

  const version = u32()
  if (version < LEAST_VERSION) throw new Error(`no model of CTranslate2, or of a version that is not known: ${version}`)
  string()
  u32()
  const variables = new Map<string, Variable>()
  for (let left = u32(); left > 0; left--) {
    const name = string()
    const rank = u8()
    const dims = Array.from({ length: rank }, u32)
    const type = u8()
    variables.set(name, { dims, type, data: take(u32()) })
  }
  for (let left = u32(); left > 0; left--) {
    const alias = string()
    variables.set(alias, named(variables, string()))
  }
  return variables
}

export function named(variables: ReadonlyMap<string, Variable>, name: string): Variable {
  const variable = variables.get(name)
  if (!variable) throw new Error(`the model has no ${name}: it is none of Whisper`)
  return variable
}

export function floatsOf({ type, data }: Variable): Float32Array {
  if (type === FLOAT32) return Float32Array.from({ length: data.length / 4 }, (_, i) => data.readFloatLE(4 * i))
  if (type !== FLOAT16) throw new Error(`numbers of type ${type} are not known`)
  return Float32Array.from({ length: data.length / 2 }, (_, i) => HALVES[data.readUInt16LE(2 * i)]!)
}
