import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { config } from '@bigtech/server/config'
import { ROUTES } from '@bigtech/server/routes'
import { parse } from 'yaml'
import { objectsOf, selects, workloadsOf, type Peer, type Workload } from './objects.ts'
import { build, MANIFESTS, noKubectl, OVERLAYS } from './programs.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const ENGINES = ['mariadb', 'redis', 'kafka', 's3']

for (const overlay of OVERLAYS)
  describe(`the cluster, ${overlay}`, { skip: noKubectl }, () => {
    const text = noKubectl ? '' : build(overlay)
    const objects = noKubectl ? [] : objectsOf(text)
    const workloads = workloadsOf(objects)
    const ofKind = (kind: string) => objects.filter((object) => object.kind === kind)
    const namesOf = (peer: Peer): string[] =>
      peer.podSelector && !peer.namespaceSelector
        ? workloads.filter(({ labels }) => selects(peer.podSelector!, labels)).map(({ name }) => name)
        : []

    it('everything is in one namespace, which enforces the strictest Pod Security Standard', () => {
      const [namespace] = ofKind('Namespace')
      assert.equal(namespace!.metadata.labels!['pod-security.kubernetes.io/enforce'], 'restricted')
      for (const { kind, metadata } of objects)
        if (kind !== 'Namespace') assert.equal(metadata.namespace, namespace!.metadata.name, `${kind} ${metadata.name}`)
    })

    it('every pod asks for no more than it needs, and says what it needs', () => {
      for (const { name, kind, pod } of workloads) {
        assert.equal(pod.automountServiceAccountToken, false, name)
        assert.equal(pod.securityContext!.runAsNonRoot, true, name)
        assert.equal(pod.securityContext!.seccompProfile!.type, 'RuntimeDefault', name)
        for (const { securityContext, resources } of pod.containers) {
          assert.equal(securityContext!.allowPrivilegeEscalation, false, name)
          assert.deepEqual(securityContext!.capabilities!.drop, ['ALL'], name)
          if (kind !== 'StatefulSet') assert.equal(securityContext!.readOnlyRootFilesystem, true, name)
          assert.ok(resources!.requests!['cpu'] && resources!.requests!['memory'] && resources!.limits!['memory'], name)
        }
        if (kind !== 'Deployment') continue
        assert.ok(pod.affinity && pod.topologySpreadConstraints!.length > 0, name)
        assert.equal(pod.securityContext!.runAsUser, 1000, name)
      }
    })

    it('every image has a version; that of ours is said in one place', () => {
      const set = parse(readFileSync(join(MANIFESTS, 'image/kustomization.yaml'), 'utf8')) as {
        images: { name: string; newName: string; newTag: string }[]
      }
      const [{ newName, newTag }] = set.images as [(typeof set.images)[0]]
      assert.equal(newTag, (JSON.parse(read('package.json')) as { version: string }).version)
      const compose = parse(read('infrastructure/docker/docker-compose.msa.yml'), { merge: true }) as {
        services: Record<string, { image: string }>
      }
      const engines = new Set(Object.values(compose.services).map(({ image }) => image))
      for (const { name, kind, pod } of workloads)
        for (const { image } of pod.containers)
          if (kind === 'StatefulSet') assert.ok(engines.has(image), `${name}: ${image}`)
          else assert.equal(image, `${newName}:${newTag}`, name)
      const naming = globSync('**/*', { cwd: MANIFESTS, withFileTypes: true })
        .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(newName))
        .map((entry) => relative(MANIFESTS, join(entry.parentPath, entry.name)))
      assert.deepEqual(naming, ['image/kustomization.yaml'])
    })

    it('secrets are named and not told; those that are named are in the example, which has none either', () => {
      assert.deepEqual(ofKind('Secret'), [])
      const example = objectsOf(readFileSync(join(MANIFESTS, 'secret.example.yaml'), 'utf8')) as unknown as {
        metadata: { name: string }
        stringData: Record<string, string>
      }[]
      const keys = example.flatMap(({ metadata, stringData }) => {
        for (const [key, value] of Object.entries(stringData)) assert.equal(value, '', key)
        return Object.keys(stringData).map((key) => `${metadata.name}/${key}`)
      })
      // What .env.example calls a secret is never a plain value.
      const secret = Array.from(config.envExample().matchAll(/secret\)\n#?([A-Z_0-9]+)=/g), ([, name]) => name)
      assert.ok(secret.includes('SERVICE_SECRET') && secret.includes('MYSQL_URL'))
      for (const { data = {} } of ofKind('ConfigMap'))
        for (const key of Object.keys(data)) assert.ok(!secret.includes(key), key)
      for (const { pod, name } of workloads)
        for (const { name: variable, value, valueFrom } of pod.containers.flatMap(({ env = [] }) => env)) {
          if (value !== undefined) assert.ok(!secret.includes(variable), `${name}: ${variable}`)
          const ref = valueFrom?.secretKeyRef
          if (ref) assert.ok(keys.includes(`${ref.name}/${ref.key}`), `${name}: ${ref.name}/${ref.key}`)
        }
    })

    it('each Service finds the pods of its name, at ports that they have', () => {
      for (const { metadata, spec } of ofKind('Service')) {
        const found = workloads.filter(({ labels }) => selects({ matchLabels: spec.selector! }, labels))
        assert.deepEqual(
          found.map(({ name }) => name),
          [metadata.name],
        )
        const open = found[0]!.pod.containers.flatMap(({ ports = [] }) => ports)
        for (const { port, targetPort } of spec.ports!)
          assert.equal(open.find(({ name }) => name === targetPort)?.containerPort, port, metadata.name)
      }
    })

    it('policies name pods that there are, and nobody is left out of the denial', () => {
      const policies = ofKind('NetworkPolicy')
      const denial = policies.find(({ metadata }) => metadata.name === 'default-deny')!.spec as object
      assert.deepEqual(denial, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
      for (const { metadata, spec } of policies) {
        const peers = [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap((rule) => [
          ...('from' in rule ? (rule.from ?? []) : []),
          ...('to' in rule ? (rule.to ?? []) : []),
        ])
        const selectors = [
          spec.podSelector!,
          ...peers.flatMap((peer) => (peer.namespaceSelector ? [] : (peer.podSelector ?? []))),
        ]
        for (const selector of selectors) {
          assert.ok(
            workloads.some(({ labels }) => selects(selector, labels)),
            metadata.name,
          )
          for (const { key, values } of selector.matchExpressions ?? [])
            for (const value of values)
              assert.ok(
                workloads.some(({ labels }) => labels[key] === value),
                `${metadata.name}: ${value}`,
              )
        }
      }
    })

    it('policies let through what the addresses say that one asks of another, and no more', () => {
      const asks = workloads.flatMap(({ name, kind, pod }) =>
        pod.containers
          .flatMap(({ env = [] }) => env)
          .flatMap(({ name: variable, value = '' }) => {
            const asked = /^http:\/\/([a-z-]+):(\d+)$/.exec(value)
            return variable.endsWith('_URLS') && asked && kind === 'Deployment'
              ? [`${name} → ${asked[1]}:${asked[2]}`]
              : []
          }),
      )
      const portOf = ({ pod }: Workload, port: number | string) =>
        typeof port === 'number' ? port : pod.containers[0]!.ports!.find(({ name }) => name === port)!.containerPort
      const engines = new Set(ENGINES)
      const [sent, taken]: [Set<string>, Set<string>] = [new Set(), new Set()]
      for (const { spec } of ofKind('NetworkPolicy'))
        for (const self of workloads.filter(({ labels }) => selects(spec.podSelector!, labels))) {
          for (const { to = [], ports = [] } of spec.egress ?? [])
            for (const other of to.flatMap(namesOf))
              for (const { port } of ports) if (!engines.has(other)) sent.add(`${self.name} → ${other}:${port}`)
          for (const { from = [], ports = [] } of spec.ingress ?? [])
            for (const other of from.flatMap(namesOf))
              for (const { port } of ports)
                if (!engines.has(self.name)) taken.add(`${other} → ${self.name}:${portOf(self, port)}`)
        }
      assert.deepEqual([...sent].toSorted(), asks.toSorted())
      assert.deepEqual([...taken].toSorted(), asks.toSorted())
    })

    it('who knows where an engine is reaches it', () => {
      const variables: Record<string, string> = { mysql: 'MYSQL_URL', redis: 'REDIS_URL', s3: 'S3_ACCESS_KEY_ID' }
      const policyOf = (engine: string) =>
        ofKind('NetworkPolicy').find(({ metadata }) => metadata.name === `to-${engine}`)
      for (const [engine, variable] of Object.entries(variables)) {
        const { spec } = (policyOf(engine) ?? policyOf('mariadb'))!
        const users = workloads.filter(
          ({ kind, pod }) =>
            kind !== 'StatefulSet' && pod.containers.some(({ env = [] }) => env.some(({ name }) => name === variable)),
        )
        const reached = workloads.filter(({ labels }) => selects(spec.podSelector!, labels))
        assert.deepEqual(reached.map(({ name }) => name).toSorted(), users.map(({ name }) => name).toSorted(), engine)
      }
    })

    it('names are asked of the cluster, and of the cache that a node may have', () => {
      const { spec } = ofKind('NetworkPolicy').find(({ metadata }) => metadata.name === 'names')!
      const asked = spec.egress!.flatMap(({ to = [] }) => to)
      assert.deepEqual(
        asked.map(({ podSelector, ipBlock }) => podSelector?.matchLabels?.['k8s-app'] ?? ipBlock?.cidr),
        ['kube-dns', '169.254.20.10/32'],
      )
    })

    it('statistics have the disk that they are limited to, and others are not given as much', () => {
      for (const { name, pod } of workloads.filter(({ kind }) => kind === 'Deployment'))
        assert.equal(
          pod.volumes!.find((volume) => volume.name === 'data')!.emptyDir!.sizeLimit,
          name === 'analytics-service' ? '20Gi' : '2Gi',
          name,
        )
    })

    it('of each role that may be disturbed another process stays', () => {
      for (const { metadata, spec } of ofKind('PodDisruptionBudget')) {
        const target = ofKind('HorizontalPodAutoscaler').find(({ metadata: { name } }) => name === metadata.name)!
        assert.ok(spec.maxUnavailable! < target.spec.minReplicas!, metadata.name)
        const those = workloads.filter(({ labels }) => selects(spec.selector!, labels)).map(({ name }) => name)
        assert.deepEqual(those, [metadata.name])
        // An apply would undo what the autoscaler decided.
        assert.equal(ofKind('Deployment').find((one) => one.metadata.name === metadata.name)!.spec.replicas, undefined)
      }
      assert.equal(ofKind('PodDisruptionBudget').length, ofKind('HorizontalPodAutoscaler').length)
    })

    it('from outside there is the gateway alone, without what is for probes; streams may be silent for longer than a heartbeat, and files be as large as they may', () => {
      const { STREAM_HEARTBEAT, MAX_FILE_SIZE } = config.parse({})
      const [all, streams, closed] = ['gateway', 'gateway-streams', 'gateway-closed'].map((name) => {
        const { metadata, spec } = ofKind('Ingress').find((one) => one.metadata.name === name)!
        const of = (annotation: string) => metadata.annotations![`nginx.ingress.kubernetes.io/${annotation}`]
        return { of, paths: spec.rules!.flatMap(({ http }) => http.paths) }
      })
      for (const { backend } of [...all!.paths, ...streams!.paths])
        assert.deepEqual(backend.service, { name: 'gateway', port: { name: 'http' } })
      assert.deepEqual(
        streams!.paths.map(({ path }) => ROUTES[path.replace('/api/', '') as keyof typeof ROUTES]),
        ['chat', 'chat'],
      )
      assert.deepEqual(
        closed!.paths.map(({ path }) => path),
        ['/ready', '/metrics'],
      )
      assert.equal(closed!.of('denylist-source-range'), '0.0.0.0/0,::/0')
      assert.ok(Number(streams!.of('proxy-read-timeout')) * 1_000 > 2 * STREAM_HEARTBEAT)
      assert.deepEqual([streams!.of('proxy-buffering'), streams!.of('affinity')], ['off', 'cookie'])
      assert.ok(parseInt(all!.of('proxy-body-size')!) * 1_024 ** 2 > MAX_FILE_SIZE)
    })
  })
