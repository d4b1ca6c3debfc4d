import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { objectsOf, workloadsOf } from './objects.ts'
import { readCompose } from '../compose/files.ts'
import { build, KUBERNETES_VALIDATE, kustomize, MANIFESTS, noSchemas, OVERLAYS, type Overlay } from './programs.ts'

/** @returns what the schemas of this version of Kubernetes have against it */
function complaints(t: TestContext, manifests: string): string {
  const file = join(tempDir(t), 'manifests.yaml')
  writeFileSync(file, manifests)
  const { status, stderr, stdout } = spawnSync(KUBERNETES_VALIDATE!, ['--strict', '--quiet', file], {
    encoding: 'utf8',
  })
  return status === 0 ? '' : `${stdout}${stderr}`
}

const ROOT = join(import.meta.dirname, '../..')

/** @returns what kustomize makes of an overlay and one component more */
function withComponent(t: TestContext, overlay: Overlay, component: string): string {
  const folder = join(tempDir(t), 'overlay')
  mkdirSync(folder)
  const path = (...parts: string[]) => relative(folder, join(MANIFESTS, ...parts))
  const kind = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
  const parts = `resources: [${path('overlays', overlay)}]\ncomponents: [${path(component)}]\n`
  writeFileSync(join(folder, 'kustomization.yaml'), `${kind}${parts}`)
  return kustomize(folder)
}

describe('manifests of Kubernetes', { skip: noSchemas }, () => {
  for (const overlay of OVERLAYS)
    it(`${overlay}: kustomize builds what the schemas take, field by field`, (t) => {
      assert.equal(complaints(t, build(overlay)), '')
    })

  it('a misspelt field, and a wrong type, are found', (t) => {
    const good = build('prod')
    assert.match(complaints(t, good.replace('minReadySeconds:', 'minReadySecond:')), /minReadySecond/)
    assert.match(complaints(t, good.replace('minReadySeconds: 5', "minReadySeconds: '5'")), /minReadySeconds/)
  })

  it('messages in MongoDB: the component fits beside the other engines', (t) => {
    const manifests = withComponent(t, 'dev', 'mongodb')
    assert.equal(complaints(t, manifests), '')
    const workloads = workloadsOf(objectsOf(manifests))
    const users = workloads.filter(({ pod }) => pod.containers[0]!.env?.some(({ name }) => name === 'MONGODB_URL'))
    assert.deepEqual(users.map(({ name }) => name).toSorted(), ['chat-service', 'migrate'])
    assert.equal(
      workloads.find(({ name }) => name === 'mongodb')!.pod.containers[0]!.image,
      readCompose('docker-compose.msa.yml').services['mongodb']!.image,
    )
  })

  it('metrics of our own: the component fits behind the autoscalers, and each metric is one of the service', (t) => {
    const manifests = withComponent(t, 'prod', 'custom-metrics')
    assert.equal(complaints(t, manifests), '')
    const metrics = objectsOf(manifests)
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .flatMap(({ metadata: { name }, spec }) =>
        spec.metrics!.flatMap(({ pods }) => (pods ? [[name, pods.metric.name]] : [])),
      )
    assert.equal(metrics.length, 4)
    for (const [service, metric] of metrics) {
      const files = globSync(`services/${service}/src/**/*.ts`, { cwd: ROOT }).filter(
        (file) => !file.endsWith('.test.ts'),
      )
      const code = files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n')
      assert.match(code, new RegExp(`gauge\\((\\{\\s+name: |\\s*)'${metric}'`), `${service}: ${metric}`)
    }
  })
})
