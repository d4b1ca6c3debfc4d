import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { noApiServer, startApiServer, type Cluster } from './api-server.ts'
import type { KubernetesObject } from './objects.ts'
import { KUBECTL } from './programs.ts'

const DEPLOY = join(import.meta.dirname, '../../k8s/deploy')
const NAMESPACE = 'bigtech-chat-dev'

type Known = Readonly<{
  metadata: { generation: number }
  status?: { observedGeneration?: number; succeeded?: number }
}>
type Items = Readonly<{ items: readonly (KubernetesObject & Known)[] }>

/** In the place of controllers and nodes: what is asked for is said to be there. @returns what was asked for anew, by name */
function becomeTrue({ kubectl }: Cluster): string[] {
  const { items } = JSON.parse(kubectl(['-n', NAMESPACE, 'get', 'jobs,deployments', '-o', 'json'])) as Items
  const at = new Date().toISOString().replace(/\.\d+/, '')
  const fresh = items.filter(({ kind, metadata, status = {} }) =>
    kind === 'Job' ? !status.succeeded : status.observedGeneration !== metadata.generation,
  )
  for (const { kind, metadata, spec } of fresh) {
    const condition = (type: string) => ({ type, status: 'True', lastProbeTime: at, lastTransitionTime: at })
    const replicas = spec.replicas ?? 1
    const status =
      kind === 'Job'
        ? {
            startTime: at,
            completionTime: at,
            succeeded: 1,
            conditions: ['SuccessCriteriaMet', 'Complete'].map(condition),
          }
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

describe('k8s/deploy', { skip: noApiServer }, () => {
  it('migrates, then rolls out one role after the other, who reads events before who writes them; and again over what is there', async (t) => {
    const cluster = await startApiServer(t)
    cluster.kubectl(['create', 'namespace', NAMESPACE])
    /** @returns what it changed, in order */
    const deploy = async () => {
      const env = { ...process.env, KUBECONFIG: cluster.config, KUBECTL: KUBECTL! }
      const child = spawn(DEPLOY, ['dev'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
      const ended = new AbortController()
      child.once('exit', () => ended.abort())
      const order: string[] = []
      while (!ended.signal.aborted) {
        order.push(...becomeTrue(cluster))
        // The script is another process, and so is the server.
        await sleep(100)
      }
      assert.equal(child.exitCode, 0, said)
      return order
    }

    assert.deepEqual(await deploy(), [
      'migrate',
      ...['notification', 'ai', 'analytics', 'user', 'friend', 'chat'].map((role) => `${role}-service`),
      'gateway',
    ])
    assert.deepEqual(await deploy(), ['migrate'])
  })
})
