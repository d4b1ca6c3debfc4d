import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, freePort, tempDir, type Cleanup } from '@bigtech/testkit'
import { KUBECTL, noKubectl } from './programs.ts'

const ETCD = process.env['ETCD'] ?? ['/usr/bin/etcd', '/usr/local/bin/etcd'].find(existsSync)
const SERVER = process.env['KUBE_APISERVER']

export const noApiServer: string | false =
  noKubectl ||
  (SERVER ? false : 'no kube-apiserver (docs/kubernetes.md says how to build one; KUBE_APISERVER names it)') ||
  (ETCD ? false : 'no etcd (Debian, Ubuntu: apt-get install etcd-server; ETCD names it)')

const TOKEN = 'test-only-token'
const LOOPBACK = '127.0.0.1'

export type Cluster = Readonly<{
  /** For KUBECONFIG. */
  config: string
  /** Standard output of kubectl; it throws with what kubectl said when it failed, or warned. */
  kubectl(args: readonly string[], input?: string): string
}>

/** A real kube-apiserver over etcd, without nodes and controllers: it takes, defaults, admits and keeps objects, and nothing runs. */
export async function startApiServer(t: Cleanup): Promise<Cluster> {
  // Hooks run in the order in which they are given: first the server, which does not end without etcd, then etcd, then their files go.
  const running: ChildProcess[] = []
  t.after(async () => {
    for (const child of running.toReversed()) await end(child)
  })
  const launch = (program: string, args: readonly string[]) => {
    const child = spawn(program, args, { stdio: 'ignore' })
    running.push(child)
    return child
  }
  const folder = tempDir(t)
  const [clients, peers, port] = [await freePort(), await freePort(), await freePort()]
  const etcd = `http://${LOOPBACK}:${clients}`
  const peer = `http://${LOOPBACK}:${peers}`
  launch(ETCD!, [
    `--data-dir=${join(folder, 'etcd')}`,
    '--log-level=error',
    `--initial-cluster=default=${peer}`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
  ])
  const key = join(folder, 'service-account.key')
  execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' })
  const tokens = join(folder, 'tokens.csv')
  writeFileSync(tokens, `${TOKEN},admin,1,system:masters\n`)
  const server = launch(SERVER!, [
    `--etcd-servers=${etcd}`,
    `--bind-address=${LOOPBACK}`,
    `--advertise-address=${LOOPBACK}`,
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    `--token-auth-file=${tokens}`,
    '--authorization-mode=RBAC',
    '--endpoint-reconciler-type=none',
    // Service accounts are made by a controller, which does not run; pods are only asked for, never made.
    '--disable-admission-plugins=ServiceAccount',
  ])
  const config = join(folder, 'kubeconfig')
  const cluster = { server: `https://${LOOPBACK}:${port}`, 'insecure-skip-tls-verify': true }
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster }],
      users: [{ name: 'admin', user: { token: TOKEN } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
      'current-context': 'test',
    }),
  )
  const kubectl: Cluster['kubectl'] = (args, input = '') => {
    const { status, stdout, stderr } = spawnSync(KUBECTL!, ['--kubeconfig', config, ...args], {
      encoding: 'utf8',
      input,
    })
    if (status !== 0 || stderr.includes('Warning')) throw new Error(stderr)
    return stdout
  }
  await eventually(
    async () => {
      if (server.exitCode !== null) throw new Error(`kube-apiserver ended with ${server.exitCode}`)
      kubectl(['get', '--raw', '/readyz'])
    },
    { timeoutMs: 60_000 },
  )
  return { config, kubectl }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exited
}
