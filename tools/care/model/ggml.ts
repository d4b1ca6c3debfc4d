import { floatsOf, named, readCt2, type Variable } from './ct2.ts'
import { toHalf } from './halves.ts'
import { melFilters, MEL_BINS } from './mel.ts'
import { quantise } from './q5.ts'
import { tokenBytes } from './vocabulary.ts'

const MAGIC = 0x67676d6c
/** `GGML_FTYPE_MOSTLY_Q5_1`, and the version of quantisation (2) in thousands. */
const FILE_TYPE = 9 + 2_000
const TYPE = { f32: 0, f16: 1, q5: 7 } as const
/** Whisper's heads have 64 numbers in each size of it. */
const HEAD = 64

/**
 * A Whisper model of CTranslate2 (faster-whisper) as whisper.cpp reads it, quantised to Q5_1. Format: `examples/quantize` and `whisper_model_load` of whisper.cpp; names of the
 * tensors: OpenAI's. The same input gives the same bytes.
 * @param vocabulary `vocabulary.txt`, a token a line
 */
export function toGgml(model: Buffer, vocabulary: string): Buffer {
  const variables = readCt2(model)
  const get = (name: string) => named(variables, name)
  const state = get('encoder/layer_norm/gamma').dims[0]!
  const words = get('decoder/embeddings/weight').dims[0]!
  const mels = get('encoder/conv1/weight').dims[1]!
  const audioContext = get('encoder/position_encodings/encodings').dims[0]!
  const textContext = get('decoder/position_encodings/encodings').dims[0]!
  const layers = { encoder: layersOf(variables, 'encoder'), decoder: layersOf(variables, 'decoder') }
  const heads = state / HEAD

  const parts: Buffer[] = []
  const ints = (...numbers: readonly number[]) => {
    const buffer = Buffer.alloc(4 * numbers.length)
    numbers.forEach((number, i) => buffer.writeInt32LE(number, 4 * i))
    parts.push(buffer)
  }
  ints(MAGIC, words, audioContext, state, heads, layers.encoder)
  ints(textContext, state, heads, layers.decoder, mels, FILE_TYPE)
  ints(mels, MEL_BINS)
  parts.push(bytesOf(melFilters(mels)))
  const tokens = tokenBytes(vocabulary, words)
  ints(tokens.length)
  for (const token of tokens) {
    ints(token.length)
    parts.push(token)
  }

  /** @param exact positions and biases of convolutions stay 32 bits, as whisper.cpp expects them */
  const put = (name: string, numbers: Float32Array, dims: readonly number[], exact = false) => {
    const isQuantised = dims.length === 2 && dims[1]! % 32 === 0
    const type = exact || dims.length === 1 ? 'f32' : isQuantised ? 'q5' : 'f16'
    const label = Buffer.from(name)
    ints(dims.length, label.length, TYPE[type], ...dims.toReversed())
    parts.push(label, ENCODE[type](numbers))
  }
  const copy = (name: string, of: string, exact = false) => put(name, floatsOf(get(of)), get(of).dims, exact)
  const norm = (name: string, of: string) => {
    copy(`${name}.weight`, `${of}/gamma`)
    copy(`${name}.bias`, `${of}/beta`)
  }
  const square = [state, state]

  /** CTranslate2 has query, key and value in one matrix; in cross attention key and value. Keys have no bias. */
  function attention(name: string, of: string, isCross: boolean) {
    const query = { weight: floatsOf(get(`${of}/linear_0/weight`)), bias: floatsOf(get(`${of}/linear_0/bias`)) }
    const others = isCross
      ? { weight: floatsOf(get(`${of}/linear_1/weight`)), bias: floatsOf(get(`${of}/linear_1/bias`)) }
      : { weight: query.weight.subarray(state * state), bias: query.bias.subarray(state) }
    const last = `${of}/linear_${isCross ? 2 : 1}`
    put(`${name}.query.weight`, query.weight.subarray(0, state * state), square)
    put(`${name}.query.bias`, query.bias.subarray(0, state), [state])
    put(`${name}.key.weight`, others.weight.subarray(0, state * state), square)
    put(`${name}.value.weight`, others.weight.subarray(state * state, 2 * state * state), square)
    put(`${name}.value.bias`, others.bias.subarray(state, 2 * state), [state])
    copy(`${name}.out.weight`, `${last}/weight`)
    copy(`${name}.out.bias`, `${last}/bias`)
  }
  function block(name: string, of: string, hasCross: boolean) {
    attention(`${name}.attn`, `${of}/self_attention`, false)
    norm(`${name}.attn_ln`, `${of}/self_attention/layer_norm`)
    if (hasCross) {
      attention(`${name}.cross_attn`, `${of}/attention`, true)
      norm(`${name}.cross_attn_ln`, `${of}/attention/layer_norm`)
    }
    for (const [to, from] of [
      [0, 0],
      [2, 1],
    ] as const) {
      // prettier-ignore
      copy(`${name}.mlp.${to}.weight`, `${of}/ffn/linear_${from}/weight`)
      copy(`${name}.mlp.${to}.bias`, `${of}/ffn/linear_${from}/bias`)
    }
    norm(`${name}.mlp_ln`, `${of}/ffn/layer_norm`)
  }

  copy('decoder.positional_embedding', 'decoder/position_encodings/encodings', true)
  copy('decoder.token_embedding.weight', 'decoder/embeddings/weight')
  for (let i = 0; i < layers.decoder; i++) block(`decoder.blocks.${i}`, `decoder/layer_${i}`, true)
  norm('decoder.ln', 'decoder/layer_norm')
  copy('encoder.positional_embedding', 'encoder/position_encodings/encodings', true)
  for (const conv of [1, 2]) {
    copy(`encoder.conv${conv}.weight`, `encoder/conv${conv}/weight`)
    put(`encoder.conv${conv}.bias`, floatsOf(get(`encoder/conv${conv}/bias`)), [state, 1], true)
  }
  for (let i = 0; i < layers.encoder; i++) block(`encoder.blocks.${i}`, `encoder/layer_${i}`, false)
  norm('encoder.ln_post', 'encoder/layer_norm')
  return Buffer.concat(parts)
}

function layersOf(variables: ReadonlyMap<string, Variable>, of: 'encoder' | 'decoder'): number {
  let layers = 0
  while (variables.has(`${of}/layer_${layers}/ffn/linear_0/weight`)) layers++
  return layers
}

const bytesOf = (numbers: Float32Array): Buffer => {
  const buffer = Buffer.alloc(4 * numbers.length)
  numbers.forEach((number, i) => buffer.writeFloatLE(number, 4 * i))
  return buffer
}

const ENCODE = {
  f32: bytesOf,
  f16(numbers: Float32Array) {
    const buffer = Buffer.alloc(2 * numbers.length)
    numbers.forEach((number, i) => buffer.writeUInt16LE(toHalf(number), 2 * i))
    return buffer
  },
  q5: quantise,
} as const
