import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs'
import type { Server } from '../server.ts'
import { end, find, folder, launch, listens, pidOf, place, port, run, StackError, waitUntil } from '../work.ts'

const VERSION = 'v1.24.2'
const PORT = port(27117)
const SOURCE = new URL('ferretdb/main.go', import.meta.url)
const program = () => place('ferretdb', 'ferretdb')

function install(): void {
  if (existsSync(program())) return
  if (!find('go')) throw new StackError('go not found: FerretDB is built from its Go module (Go 1.26 or later)')
  console.log(`  building FerretDB ${VERSION} (minutes)`)
  const cwd = folder('ferretdb', 'source')
  copyFileSync(SOURCE, place('ferretdb', 'source', 'main.go'))
  writeFileSync(place('ferretdb', 'source', 'go.mod'), 'module local/ferretdb\n\ngo 1.26\n')
  run('go', ['get', `github.com/FerretDB/FerretDB/ferretdb@${VERSION}`], { cwd })
  run('go', ['mod', 'tidy'], { cwd })
  run('go', ['build', '-ldflags', '-s -w', '-o', `${program()}.new`, '.'], { cwd })
  renameSync(`${program()}.new`, program())
}

export const ferretdb: Server = {
  name: 'ferretdb',
  title: 'FerretDB over SQLite, a stand-in for MongoDB',
  processes: ['ferretdb'],
  settings: { FERRETDB_URL: `mongodb://127.0.0.1:${PORT}` },
  install,
  async start() {
    if (pidOf('ferretdb') !== undefined) return
    await launch('ferretdb', [PORT], program(), [`127.0.0.1:${PORT}`, folder('ferretdb', 'data')])
    await waitUntil('ferretdb', () => listens(PORT))
  },
  stop: () => end('ferretdb'),
}
