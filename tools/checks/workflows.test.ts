import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { SERVICE_ROLES } from '@bigtech/server/roles'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const paths = globSync('.github/workflows/*.yml', { cwd: root }).toSorted()

type Permissions = Readonly<Record<string, string>>
type Workflow = Readonly<{
  permissions?: Permissions
  jobs: Readonly<
    Record<
      string,
      Readonly<{
        needs?: string | readonly string[]
        'timeout-minutes'?: number
        permissions?: Permissions
        strategy?: Readonly<{ matrix: Readonly<{ part: readonly string[] }> }>
        steps: readonly Readonly<{ uses?: string; run?: string; with?: Readonly<Record<string, unknown>> }>[]
      }>
    >
  >
}>
const workflows = paths.map((path) => {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, workflow: parse(text) as Workflow }
})
const workflowOf = (name: string) => workflows.find(({ path }) => path.endsWith(`/${name}.yml`))!.workflow
const asList = (needs: string | readonly string[] = []) => (typeof needs === 'string' ? [needs] : needs)

describe('workflows of GitHub', () => {
  it('name actions by commit, with the version beside it', () => {
    for (const { path, text } of workflows)
      for (const [line] of text.matchAll(/^.*uses: .*$/gm))
        assert.match(line, /uses: [\w./-]+@[0-9a-f]{40} # v?\d+\.\d+\.\d+$/, `${path}: ${line.trim()}`)
  })

  it('may read, and write only where something is published', () => {
    for (const { path, workflow } of workflows) {
      assert.deepEqual(workflow.permissions, { contents: 'read' }, path)
      for (const [name, job] of Object.entries(workflow.jobs)) {
        assert.ok(job['timeout-minutes']! > 0, `${path}: ${name} ends`)
        const writes = Object.values(job.permissions ?? {}).includes('write')
        assert.equal(
          writes,
          ['push', 'image', 'publish'].includes(name) && path.includes(name === 'push' ? 'ci' : 'release'),
          name,
        )
        for (const step of job.steps)
          if (step.uses?.startsWith('actions/checkout@'))
            assert.equal(step.with?.['persist-credentials'], false, `${path}: ${name}`)
      }
    }
  })

  it('go from lint over the tests of each service and the image to end to end, and push only then', () => {
    const { jobs } = workflowOf('ci')
    const needs = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, asList(job.needs)]))
    assert.deepEqual(needs, {
      lint: [],
      scans: [],
      test: ['lint'],
      image: ['test'],
      e2e: ['image'],
      push: ['image', 'e2e', 'scans'],
    })
    const { part } = jobs['test']!.strategy!.matrix
    for (const role of SERVICE_ROLES) assert.ok(part.includes(`services/${role}-service`), role)
    for (const folder of part) assert.ok(existsSync(join(root, folder)), folder)
  })

  it('tell the image what it is, look for holes before it is pushed, and name it when it is what was tested', () => {
    const asks = (text: string) => Array.from(text.matchAll(/^ {12}([A-Z]+)=/gm), ([, name]) => name)
    const dockerfile = readFileSync(join(root, 'infrastructure/docker/Dockerfile'), 'utf8')
    const labels = Array.from(dockerfile.matchAll(/^ARG (VERSION|REVISION|CREATED|SOURCE)=/gm), ([, name]) => name)
    for (const { path, text, workflow } of workflows) {
      assert.deepEqual(asks(text), [...labels, ...labels], path)
      const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
      const at = (word: string) => steps.findIndex((step) => JSON.stringify(step).includes(word))
      const found = ['trivy-action', 'docker run', 'push-by-digest', 'imagetools create', 'attest-'].map(at)
      assert.ok(!found.includes(-1), path)
      assert.deepEqual(
        found,
        found.toSorted((a, b) => a - b),
        path,
      )
      const named = steps.find((step) => step.run?.includes('imagetools create'))!.run!
      assert.match(named, /^test .*(layers|RootFS\.Layers)/m, path)
      assert.equal(at('"push":true'), -1, path)
    }
  })

  it('look for advisories of everything that says what it needs', () => {
    const { text } = workflows.find(({ path }) => path.endsWith('/ci.yml'))!
    const scanned = Array.from(text.matchAll(/--lockfile=(\S+)/g), ([, file]) => file)
    const needing = globSync(['{tools,tests,infrastructure}/**/{requirements*.txt,go.mod}', 'package-lock.json'], {
      cwd: root,
      exclude: (name) => name === 'node_modules',
    })
    assert.deepEqual(new Set(scanned), new Set(needing))
  })

  it('run what there is', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
    for (const { path, text } of workflows) {
      for (const [, script] of text.matchAll(/npm\)?"? run ([\w:]+)/g))
        assert.ok(Object.hasOwn(scripts, script!), `${path}: ${script}`)
      for (const [file] of text.matchAll(
        /\b(?:tools|tests|infrastructure)\/[\w./-]+\.(?:ts|txt)|infrastructure\/docker\/Dockerfile/g,
      ))
        assert.ok(existsSync(join(root, file)), `${path}: ${file}`)
    }
  })

  const actionlint =
    process.env['ACTIONLINT'] ??
    (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((folder) => join(folder, 'actionlint'))
      .find(existsSync)
  const skip = actionlint
    ? false
    : 'no actionlint (go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12; ACTIONLINT names it)'
  it('are what actionlint takes; it finds a job that needs one that is not there', { skip }, (t) => {
    const lint = (files: readonly string[]) => spawnSync(actionlint!, files, { cwd: root, encoding: 'utf8' })
    const { status, stdout, stderr } = lint(paths)
    assert.equal(status, 0, `${stdout}${stderr}`)
    const broken = join(tempDir(t), 'ci.yml')
    writeFileSync(
      broken,
      workflows.find(({ path }) => path.endsWith('/ci.yml'))!.text.replace('needs: image', 'needs: picture'),
    )
    assert.match(lint([broken]).stdout, /"picture"/)
  })
})
