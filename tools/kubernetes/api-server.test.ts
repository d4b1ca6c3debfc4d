import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noApiServer, startApiServer, type Cluster } from './api-server.ts'
import type { KubernetesObject } from './objects.ts'
import { build, OVERLAYS } from './programs.ts'

const APPLY = ['apply', '--server-side', '--field-manager=deploy', '--filename', '-']

/** What kubectl says when it fails. */
function refusal(cluster: Cluster, args: readonly string[], input: string): string {
  try {
    cluster.kubectl(args, input)
  } catch (error) {
    return (error as Error).message
  }
  return assert.fail('it was taken')
}

describe('a real API server', { skip: noApiServer }, () => {
  for (const overlay of OVERLAYS)
    it(`takes ${overlay} under the restricted Pod Security Standard without a warning, a change of it, and its way back`, async (t) => {
      const cluster = await startApiServer(t)
      const { kubectl } = cluster
      const manifests = build(overlay)
      const name = overlay === 'prod' ? 'bigtech-chat' : 'bigtech-chat-dev'
      const images = () => kubectl(['-n', name, 'get', 'deployments', '-o', 'jsonpath={..image}']).trim().split(/\s+/)
      const generation = () =>
        kubectl(['-n', name, 'get', 'deployment', 'chat-service', '-o', 'jsonpath={.metadata.generation}'])

      const applied = kubectl(APPLY, manifests)
      assert.equal(applied.match(/serverside-applied$/gm)?.length, manifests.match(/^kind: /gm)?.length)
      assert.equal(new Set(images()).size, 1)
      const [before] = images()

      // The same again changes nothing.
      kubectl(APPLY, manifests)
      assert.equal(generation(), '1')

      kubectl(['-n', name, 'delete', 'job', 'migrate'])
      kubectl(APPLY, manifests.replaceAll(before!, before!.replace(/:[^:]*$/, ':9.9.9')))
      assert.deepEqual(new Set(images()), new Set([before!.replace(/:[^:]*$/, ':9.9.9')]))
      assert.equal(generation(), '2')

      kubectl(['-n', name, 'delete', 'job', 'migrate'])
      kubectl(APPLY, manifests)
      assert.deepEqual(new Set(images()), new Set([before]))
      assert.equal(generation(), '3')

      // Whoever scaled it by hand, or an autoscaler, is not undone by the next apply where the manifests do not say how many.
      if (overlay === 'prod') {
        kubectl(['-n', name, 'scale', 'deployment', 'chat-service', '--replicas=5'])
        kubectl(APPLY, manifests)
        const { spec } = JSON.parse(
          kubectl(['-n', name, 'get', 'deployment', 'chat-service', '-o', 'json']),
        ) as KubernetesObject
        assert.equal(spec.replicas, 5)
      }
    })

  it('refuses what schemas let pass: pods that ask for more than they need, and a Job that is changed', async (t) => {
    const cluster = await startApiServer(t)
    const { kubectl } = cluster
    const manifests = build('prod')
    kubectl(APPLY, manifests)
    const deployment = kubectl(['-n', 'bigtech-chat', 'get', 'deployment', 'chat-service', '-o', 'json'])
    const { spec } = JSON.parse(deployment) as KubernetesObject
    // Of a Deployment admission only warns; it is the pod that is refused.
    const pod = (of: object) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one', namespace: 'bigtech-chat' }, spec: of })
    const create = ['create', '--dry-run=server', '-f', '-']
    kubectl(create, pod(spec.template!.spec))
    const [container] = spec.template!.spec.containers
    const careless = { ...container, securityContext: {} }
    assert.match(
      refusal(cluster, create, pod({ ...spec.template!.spec, containers: [careless] })),
      /PodSecurity "restricted/,
    )
    assert.match(refusal(cluster, APPLY, manifests.replace('admin.ts\n', 'other.ts\n')), /field is immutable/)
    assert.match(refusal(cluster, APPLY, manifests.replace('minReadySeconds:', 'minReadySecond:')), /minReadySecond/)
  })
})
