import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { config, type Settings } from '@bigtech/server/config'
import { ROLES, SERVICE_ROLES } from '@bigtech/server/roles'
import { internalPortOf, internalUrlsOf, portOf, urlsOf } from '@bigtech/server/settings'
import { SHUTDOWN_WITH_ENGINES_LIMIT_MS } from '@bigtech/server/shutdown-limits'
import { objectsOf, workloadsOf, type Container, type KubernetesObject } from './objects.ts'
import { build, noKubectl, OVERLAYS } from './programs.ts'

const root = join(import.meta.dirname, '../..')
const nameOf = (role: string) => (role === 'gateway' ? role : `${role}-service`)

/** What a process needs to come up; the values are of no matter. */
const SECRETS: Readonly<Record<string, string>> = {
  MYSQL_URL: 'mysql://bigtech:secret@mariadb:3306',
  REDIS_URL: 'redis://redis:6379',
  SMTP_URL: 'smtp://mail:587',
}

/** As kubelet makes it: settings of the ConfigMap, then the variables, of which later ones may name earlier ones. */
function environmentOf({ envFrom = [], env = [] }: Container, objects: readonly KubernetesObject[]) {
  const made: Record<string, string> = {}
  for (const { configMapRef } of envFrom) {
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef.name)
    assert.ok(map?.data, configMapRef.name)
    Object.assign(made, map.data)
  }
  for (const { name, value, valueFrom } of env) {
    if (valueFrom?.secretKeyRef) made[name] = SECRETS[valueFrom.secretKeyRef.key] ?? 'x'.repeat(32)
    else if (valueFrom?.fieldRef) made[name] = valueFrom.fieldRef.fieldPath === 'status.podIP' ? '10.1.2.3' : 'pod-1'
    else made[name] = value!.replace(/\$\((\w+)\)/g, (_whole, earlier: string) => made[earlier] ?? '')
  }
  return made
}

for (const overlay of OVERLAYS)
  describe(`processes on Kubernetes, ${overlay}`, { skip: noKubectl }, () => {
    const objects = noKubectl ? [] : objectsOf(build(overlay))
    const workloads = workloadsOf(objects)
    const roles = ROLES.map((role) => {
      const made = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === nameOf(role))
      return { role, name: nameOf(role), spec: made?.spec, pod: made?.spec.template?.spec }
    })
    const settingsOf = new Map<string, Settings>()

    it('there is one Deployment a role, whose settings exist and are enough', () => {
      const known = new Set(Array.from(config.envExample().matchAll(/^#?([A-Z_0-9]+)=/gm), ([, name]) => name))
      assert.equal(workloads.filter(({ kind }) => kind === 'Deployment').length, ROLES.length)
      for (const { role, name, pod } of roles) {
        const environment = environmentOf(pod!.containers[0]!, objects)
        for (const variable of Object.keys(environment))
          assert.ok(variable === 'POD_IP' || known.has(variable), `${name}: ${variable}`)
        const settings = config.parse(environment)
        assert.deepEqual([settings.PROFILE, settings.ROLES, settings.NODE_ID], ['distributed', [role], 'pod-1'])
        assert.deepEqual([settings.HOST, settings.SERVICE_HOST], ['0.0.0.0', '0.0.0.0'])
        settingsOf.set(role, settings)
      }
      assert.equal(settingsOf.get('chat')!.NODE_ADDRESS, 'http://10.1.2.3:9002')
    })

    it('ports, paths and addresses are those of the program', () => {
      for (const { role, name, pod } of roles) {
        const settings = settingsOf.get(role)!
        const ports =
          role === 'gateway'
            ? { http: settings.GATEWAY_PORT }
            : { http: settings[portOf(role)], internal: settings[internalPortOf(role)] }
        const [server] = pod!.containers
        const open = Object.fromEntries(server!.ports!.map((port) => [port.name, port.containerPort]))
        assert.deepEqual(open, ports, name)
        const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name)
        const served = service?.spec.ports?.map((port) => [port.name, port.port, port.targetPort])
        assert.deepEqual(
          served,
          Object.entries(ports).map(([port, number]) => [port, number, port]),
        )
        assert.deepEqual(
          [server!.startupProbe.httpGet, server!.livenessProbe.httpGet, server!.readinessProbe.httpGet],
          [
            { path: '/health', port: 'http' },
            { path: '/health', port: 'http' },
            { path: '/ready', port: 'http' },
          ],
        )
        const { annotations } = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name)!
          .spec.template!.metadata
        assert.equal(annotations!['prometheus.io/port'], String(ports.http))
        for (const other of SERVICE_ROLES)
          for (const url of [...settings[urlsOf(other)], ...settings[internalUrlsOf(other)]])
            if (!url.includes('127.0.0.1'))
              assert.match(url, new RegExp(`^http://${other}-service:(80|90)0\\d$`), `${name}: ${url}`)
        const isTold = (variable: string) => server!.env!.some((one) => one.name === variable)
        // Tokens are checked, and ended sessions known, everywhere.
        if (role !== 'user') assert.ok(isTold('USER_SERVICE_URLS') && isTold('USER_SERVICE_INTERNAL_URLS'), name)
      }
    })

    it('a start has the time that engines are waited for, and an end the time it takes', () => {
      for (const { role, name, pod } of roles) {
        const [server] = pod!.containers
        const { periodSeconds, failureThreshold } = server!.startupProbe
        assert.ok(periodSeconds * failureThreshold > 60, name)
        const sleeps = server!.lifecycle!.preStop!.sleep!.seconds
        const { SHUTDOWN_DELAY } = settingsOf.get(role)!
        const ends = sleeps + (SHUTDOWN_DELAY + SHUTDOWN_WITH_ENGINES_LIMIT_MS) / 1_000
        assert.ok(pod!.terminationGracePeriodSeconds! > ends, `${name} is killed after ${ends} s`)
      }
    })

    it('while it is replaced, none is missing', () => {
      for (const { spec } of roles) assert.deepEqual(spec!.strategy!.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 })
    })

    it('nobody outside is told that mails or notifications come from a machine of its own', () => {
      const { MAIL_FROM, PUSH_CONTACT } = settingsOf.get('notification')!
      if (overlay === 'prod') assert.doesNotMatch(`${MAIL_FROM} ${PUSH_CONTACT}`, /localhost/)
    })

    it('what programs write has a place, and the migration is a command that there is', () => {
      for (const { name, pod } of workloads.filter((one) => one.pod.containers[0]!.image.includes('bigtech-chat'))) {
        const mounts = pod.containers[0]!.volumeMounts!.map(({ mountPath }) => mountPath)
        assert.deepEqual(mounts, ['/tmp', '/data'], name)
        assert.deepEqual(
          pod.volumes!.map((volume) => [volume.name, volume.emptyDir !== undefined]),
          [
            ['tmp', true],
            ['data', true],
          ],
        )
        // A Service named user-service would set USER_SERVICE_PORT to something that is no number.
        assert.equal(pod.enableServiceLinks, false, name)
      }
      for (const { role } of roles) assert.equal(settingsOf.get(role)!.DATA_DIR, '/data')
      const [, program, command] = workloads.find(({ name }) => name === 'migrate')!.pod.containers[0]!.command!
      assert.ok(existsSync(join(root, program!)))
      assert.match(readFileSync(join(root, program!), 'utf8'), new RegExp(`case '${command}':`))
    })

    it('each process of chat has five partitions or more, and whoever follows CPU alone needs no adapter', () => {
      const autoscalers = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      assert.equal(autoscalers.length, overlay === 'prod' ? ROLES.length : 0)
      for (const { metadata, spec } of autoscalers) {
        const role = ROLES.find((one) => nameOf(one) === spec.scaleTargetRef!.name)!
        assert.equal(metadata.name, nameOf(role))
        if (role === 'chat') assert.ok(5 * spec.maxReplicas! <= settingsOf.get(role)!.CHAT_PARTITIONS)
        assert.deepEqual(
          spec.metrics!.map(({ pods }) => pods),
          [undefined],
          metadata.name,
        )
      }
    })
  })
