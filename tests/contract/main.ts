/**
 * Every OpenAPI document against the running system: schemathesis makes requests from it, right and wrong ones, alone and in sequences,
 * and compares each answer with it. `npm run test:contract`, and `.ci/run`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { befriend, openGroup, register, registerAdmin, startTestServer, type Person } from '../support/index.ts'
import { RUNS, settingsFor, type ContractRun } from './documents.ts'
import { findSchemathesis, HOW_TO_GET_IT, withoutUnicodeClasses } from './schemathesis.ts'

/** The same requests each time: what fails is a change of this tree. */
const SEED = 1
/** Requests an operation and phase. */
const MAX_EXAMPLES = 15
/** All documents together must be done by then; on two cores they take a minute and a half. */
const LIMIT_MS = 240_000
const deadline = Date.now() + LIMIT_MS

const cleanups: (() => unknown)[] = []
const scratch = mkdtempSync(join(tmpdir(), 'bigtech-contract-'))
cleanups.push(() => rmSync(scratch, { recursive: true, force: true }))

/** People who know each other and have talked, so that requests find something. @returns an administrator among them */
async function makeWorld(): Promise<{ urls: Record<ContractRun['document'], string>; admin: Person }> {
  const server = await startTestServer({ after: (end) => void cleanups.push(end) })
  const admin = await registerAdmin(server)
  const others = await Promise.all(['김민수', '이서연', '박지호', '최유진'].map((name) => register(server.urls, name)))
  for (const other of others) await befriend(admin, other)
  const room = await openGroup(admin, '모임', ...others)
  for (let i = 1; i <= 50; i++) await admin.say(room.id, `말 ${i}`)
  return { urls: server.urls, admin }
}

/** The document as the service gives it, and what is asked of it, in files. */
async function download({ document }: ContractRun, url: string): Promise<void> {
  const text = await (await fetch(`${url}/openapi.json`)).text()
  writeFileSync(join(scratch, `${document}.json`), withoutUnicodeClasses(text))
  writeFileSync(join(scratch, `${document}.toml`), settingsFor(JSON.parse(text)))
}

function argumentsOf(run: ContractRun, url: string, token: string): string[] {
  const narrowed = Object.keys(run.excluded).flatMap((id) => ['--exclude-operation-id', id])
  if (run.paths) narrowed.push('--include-path-regex', run.paths)
  return `--config-file ${run.document}.toml run ${run.document}.json --url ${url}
    --seed ${SEED} --generation-database none --max-examples ${MAX_EXAMPLES} --workers 1
    --phases examples,coverage,fuzzing,stateful --checks all --request-timeout 10
    --no-color --suppress-health-check all --warnings off`
    .split(/\s+/)
    .concat('--header', `Authorization: Bearer ${token}`, narrowed)
}

/** @returns what it said, and whether it found nothing */
function execute(file: string, args: readonly string[]): Promise<{ output: string; ok: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: scratch,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: Math.max(1, deadline - Date.now()),
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({ output: signal ? `${output}\nnot done after ${LIMIT_MS / 1_000} s` : output, ok: code === 0 }),
    )
  })
}

const schemathesis = findSchemathesis()
if (!schemathesis) {
  console.error(HOW_TO_GET_IT)
  process.exit(2)
}
let failed = 0
try {
  const { urls, admin } = await makeWorld()
  // Words name documents: npm run test:contract -- chat
  const wanted = process.argv.slice(2)
  for (const run of RUNS.filter(({ document }) => wanted.length === 0 || wanted.includes(document))) {
    const started = performance.now()
    const url = urls[run.document]
    await download(run, url)
    const { output, ok } = await execute(schemathesis, argumentsOf(run, url, admin.token))
    if (!ok) failed++
    const cases = /(\d+) generated/.exec(output)?.[1] ?? '?'
    if (!ok) console.log(output)
    console.log(
      `${ok ? 'ok' : 'FAILED'}: ${run.document}: ${cases} requests, ${((performance.now() - started) / 1_000).toFixed(0)} s`,
    )
    for (const [id, reason] of Object.entries(run.excluded)) console.log(`  without ${id}: ${reason}`)
  }
} finally {
  for (const end of cleanups.reverse()) await end()
}
process.exit(failed === 0 ? 0 : 1)
