import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { objectsOf, workloadsOf } from './objects.ts'
import { build, KUBERNETES_VALIDATE, kustomize, MANIFESTS, noSchemas, OVERLAYS } from './programs.ts'

/** @returns what the schemas of this version of Kubernetes have against it */
function complaints(t: TestContext, manifests: string): string {
  const file = join(tempDir(t), 'manifests.yaml')
  writeFileSync(file, manifests)
  const { status, stderr, stdout } = spawnSync(KUBERNETES_VALIDATE!, ['--strict', '--quiet', file], {
    encoding: 'utf8',
  })
  return status === 0 ? '' : `${stdout}${stderr}`
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
    const folder = join(tempDir(t), 'overlay')
    mkdirSync(folder)
    const path = (...parts: string[]) => relative(folder, join(MANIFESTS, ...parts))
    const kind = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
    const parts = `resources: [${path('overlays/dev')}]\ncomponents: [${path('mongodb')}]\n`
    writeFileSync(join(folder, 'kustomization.yaml'), `${kind}${parts}`)
    const manifests = kustomize(folder)
    assert.equal(complaints(t, manifests), '')
    const users = workloadsOf(objectsOf(manifests)).filter(({ pod }) =>
      pod.containers[0]!.env?.some(({ name }) => name === 'MONGODB_URL'),
    )
    assert.deepEqual(users.map(({ name }) => name).toSorted(), ['chat-service', 'migrate'])
  })
})
