/** Measures speech recognition on recordings of one's own: `npm run care:cer -- FOLDER`. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, parse, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createWhisper } from '@bigtech/ai-service/adapters'
import { decodeAudio, SAMPLE_RATE } from '@bigtech/audio'
import { characterErrors } from '@bigtech/testkit'

const HELP = `녹음과 그 글(x.wav 옆의 x.txt)로 음성 인식의 글자 오류율을 잽니다. 문장 부호와 띄어쓰기는 세지 않습니다.
Character error rate on recordings with their texts beside them (x.wav and x.txt). Punctuation and spaces do not count.

npm run care:cer -- FOLDER [--language ko-KR] [--threads 1] [--repeat 1] [--texts]

--texts    shows what was heard
--repeat   the whole folder so many times, in the same process: for growth

The model is CARE_WHISPER_MODEL, or DATA_DIR/models/whisper.bin (npm run care:model).`

/** Ticks of the processor clock in a second, as Linux counts them for programs. */
const TICKS_PER_S = 100

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    language: { type: 'string', default: 'ko-KR' },
    threads: { type: 'string', default: '1' },
    repeat: { type: 'string', default: '1' },
    texts: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
const [folder] = positionals
if (values.help || folder === undefined) {
  console.log(HELP)
  process.exitCode = values.help ? 0 : 1
} else process.exitCode = await main(folder)

async function main(folder: string): Promise<number> {
  const names = (await readdir(folder)).sort()
  const recordings = names.filter((name) => extname(name) !== '.txt' && names.includes(`${parse(name).name}.txt`))
  if (recordings.length === 0) {
    console.error(`${folder}: 글이 있는 녹음이 없습니다 / has no recording with a text beside it (x.wav and x.txt)`)
    return 1
  }
  const modelFile =
    process.env['CARE_WHISPER_MODEL'] ?? resolve(process.env['DATA_DIR'] ?? './data', 'models', 'whisper.bin')
  const whisper = createWhisper({ modelFile, threads: Number(values.threads) })
  const state = await whisper.state()
  if (state !== 'ready') {
    console.error(`${state}: ${modelFile}; npm run care:model`)
    return 1
  }
  const rates: number[] = []
  const sum = { errors: 0, of: 0, seconds: 0, cpu: 0 }
  try {
    for (let round = 0; round < Number(values.repeat); round++)
      for (const name of recordings) {
        const samples = await decodeAudio(await readFile(join(folder, name)))
        const said = await readFile(join(folder, `${parse(name).name}.txt`), 'utf8')
        const seconds = samples.length / SAMPLE_RATE
        const before = await usageOf(whisper.pid())
        const { signal } = new AbortController()
        const { text } = await whisper.transcribe(samples, { language: values.language, signal })
        const after = await usageOf(whisper.pid())
        const cpu = after.cpu - before.cpu
        const { errors, of, rate } = characterErrors(said, text)
        rates.push(rate)
        sum.errors += errors
        sum.of += of
        sum.seconds += seconds
        sum.cpu += cpu
        const figures = `${seconds.toFixed(1).padStart(6)} s  ${(cpu / seconds).toFixed(2)} CPU-s/s  ${after.rssMb} MB`
        console.log(`${percent(rate).padStart(7)}  ${`${errors}/${of}`.padStart(8)}  ${figures}  ${name}`)
        if (values.texts) console.log(`         ${text}`)
      }
  } finally {
    await whisper.close()
  }
  console.log(
    `\n${rates.length} × ${sum.seconds.toFixed(0)} s: CER ${percent(sum.errors / sum.of)} (of all characters)`,
  )
  const mean = rates.reduce((all, rate) => all + rate, 0) / rates.length
  console.log(`mean ${percent(mean)}, median ${percent(median(rates))}, ${(sum.cpu / sum.seconds).toFixed(2)} CPU-s/s`)
  return 0
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Of the process that holds the model, loading it included; as far as the system tells (Linux). */
async function usageOf(pid: number | undefined): Promise<{ cpu: number; rssMb: number }> {
  if (pid === undefined) return { cpu: 0, rssMb: 0 }
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  )
  // After the name, which may hold anything: fields 14 and 15 of proc(5).
  const fields = stat!.slice(stat!.lastIndexOf(')') + 2).split(' ')
  const cpu = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_S
  return { cpu, rssMb: Math.round((Number(/^VmRSS:\s+(\d+)/m.exec(status!)?.[1] ?? 0) * 1_024) / 1e6) }
}
