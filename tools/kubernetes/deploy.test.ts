import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import { noApiServer, startApiServer, type Cluster } from './api-server.ts'
import type { KubernetesObject } from './objects.ts'
import { KUBECTL } from './programs.ts'

const FOLDER = join(import.meta.dirname, '../../k8s')
const NAMESPACE = 'bigtech-chat-dev'
const ENGINES = ['kafka', 'mariadb', 'redis', 's3']
const ROLES = [
  ...['notification', 'ai', 'analytics', 'user', 'friend', 'chat'].map((role) => `${role}-service`),
  'gateway',
]

type Known = Readonly<{
  metadata: { generation: number }
  status?: { observedGeneration?: number; conditions?: object[] }
}>
type Items = Readonly<{ items: readonly (KubernetesObject & Known)[] }>
type Outcome = 'Complete' | 'Failed'

/** In the place of controllers and nodes: what is asked for is said to be there. @returns what was asked for anew, by name */
function becomeTrue({ kubectl }: Cluster, outcome: Outcome): string[] {
  const kinds = 'jobs,statefulsets,deployments'
  const { items } = JSON.parse(kubectl(['-n', NAMESPACE, 'get', kinds, '-o', 'json'])) as Items
  const at = new Date().toISOString().replace(/\.\d+/, '')
  const fresh = items.filter(({ kind, metadata, status = {} }) =>
    kind === 'Job' ? !status.conditions : status.observedGeneration !== metadata.generation,
  )
  for (const { kind, metadata, spec } of fresh) {
    const condition = (type: string) => ({ type, status: 'True', lastProbeTime: at, lastTransitionTime: at })
    const replicas = spec.replicas ?? 1
    const ended = {
      Complete: { completionTime: at, succeeded: 1, conditions: ['SuccessCriteriaMet', 'Complete'].map(condition) },
      Failed: { failed: 3, conditions: ['FailureTarget', 'Failed'].map(condition) },
    }
    const status =
      kind === 'Job'
        ? { startTime: at, ...ended[outcome] }
        : {
            observedGeneration: metadata.generation,
            replicas,
            updatedReplicas: replicas,
            readyReplicas: replicas,
            availableReplicas: replicas,
          }
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]
    kubectl(['-n', NAMESPACE, 'patch', kind, metadata.name, ...patch])
  }
  return fresh.map(({ metadata }) => metadata.name)
}

/** @returns what k8s/deploy of that folder changed, in order; how it ended; what it said of errors */
async function deploy(cluster: Cluster, folder = FOLDER, outcome: Outcome = 'Complete') {
  const env = { ...process.env, KUBECONFIG: cluster.config, KUBECTL: KUBECTL! }
  const child = spawn(join(folder, 'deploy'), ['dev'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new AbortController()
  child.once('exit', () => ended.abort())
  const order: string[] = []
  while (!ended.signal.aborted) {
    order.push(...becomeTrue(cluster, outcome))
    // The script is another process, and so is the server.
    await sleep(100)
  }
  return { order, code: child.exitCode, said }
}

/** The manifests as a later version has them. */
function laterVersion(t: Cleanup): string {
  const folder = join(tempDir(t), 'k8s')
  cpSync(FOLDER, folder, { recursive: true })
  const image = join(folder, 'manifests/image/kustomization.yaml')
  writeFileSync(image, readFileSync(image, 'utf8').replace(/newTag: .*/, 'newTag: 9.9.9'))
  return folder
}

describe('k8s/deploy', { skip: noApiServer }, () => {
  it('waits for engines, migrates, then rolls out one role after the other; again over what is there; and back', async (t) => {
    const cluster = await startApiServer(t)
    const { kubectl } = cluster
    kubectl(['create', 'namespace', NAMESPACE])
    const withoutSecret = await deploy(cluster)
    assert.equal(withoutSecret.code, 1)
    assert.match(withoutSecret.said, /secrets "bigtech-chat" not found/)

    kubectl(['-n', NAMESPACE, 'create', 'secret', 'generic', 'bigtech-chat'])
    const first = await deploy(cluster)
    assert.equal(first.code, 0, first.said)
    assert.deepEqual(first.order.slice(0, ENGINES.length).toSorted(), ENGINES)
    assert.deepEqual(first.order.slice(ENGINES.length), ['migrate', ...ROLES])
    assert.deepEqual(await deploy(cluster), { order: ['migrate'], code: 0, said: '' })

    const later = laterVersion(t)
    const refused = await deploy(cluster, later, 'Failed')
    assert.deepEqual([refused.code, refused.order], [1, ['migrate']])
    assert.match(refused.said, /the migration failed \(FailureTarget\); no role was changed/)
    assert.deepEqual((await deploy(cluster, later)).order, ['migrate', ...ROLES])

    // As `kubectl rollout undo` does it, for which there is no controller here that would have kept revisions.
    const undo = { spec: { template: { spec: { containers: [{ name: 'server', image: 'before:1' }] } } } }
    for (const role of ['gateway', 'chat-service'])
      kubectl(['-n', NAMESPACE, 'patch', 'deployment', role, '-p', JSON.stringify(undo)])
    becomeTrue(cluster, 'Complete')
    const over = await deploy(cluster, later)
    assert.deepEqual([over.code, over.order], [0, ['migrate', 'chat-service', 'gateway']], over.said)
    const back = await deploy(cluster)
    assert.deepEqual([back.code, back.order], [0, ['migrate', ...ROLES]], back.said)
    assert.deepEqual((await deploy(cluster, later)).order, ['migrate', ...ROLES])
  })
})
