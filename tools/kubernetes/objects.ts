import { parseAllDocuments } from 'yaml'

/** Kubernetes objects, as far as the tests look at them. */
export type Labels = Readonly<Record<string, string>>
export type Selector = Readonly<{
  matchLabels?: Labels
  matchExpressions?: readonly Readonly<{ key: string; operator: string; values: readonly string[] }>[]
}>
export type EnvVar = Readonly<{
  name: string
  value?: string
  valueFrom?: Readonly<{
    secretKeyRef?: Readonly<{ name: string; key: string; optional?: boolean }>
    fieldRef?: Readonly<{ fieldPath: string }>
  }>
}>
type Probe = Readonly<{
  httpGet?: Readonly<{ path: string; port: string }>
  periodSeconds: number
  failureThreshold: number
}>
export type Container = Readonly<{
  name: string
  image: string
  command?: readonly string[]
  ports?: readonly Readonly<{ name: string; containerPort: number }>[]
  env?: readonly EnvVar[]
  envFrom?: readonly Readonly<{ configMapRef: Readonly<{ name: string }> }>[]
  resources?: Readonly<{ requests?: Labels; limits?: Labels }>
  securityContext?: Readonly<{
    allowPrivilegeEscalation?: boolean
    readOnlyRootFilesystem?: boolean
    capabilities?: Readonly<{ drop?: readonly string[] }>
  }>
  lifecycle?: Readonly<{ preStop?: Readonly<{ sleep?: Readonly<{ seconds: number }> }> }>
  startupProbe: Probe
  readinessProbe: Probe
  livenessProbe: Probe
  volumeMounts?: readonly Readonly<{ name: string; mountPath: string }>[]
}>
export type Pod = Readonly<{
  serviceAccountName?: string
  automountServiceAccountToken?: boolean
  enableServiceLinks?: boolean
  terminationGracePeriodSeconds?: number
  securityContext?: Readonly<{
    runAsNonRoot?: boolean
    runAsUser?: number
    seccompProfile?: Readonly<{ type: string }>
  }>
  topologySpreadConstraints?: readonly object[]
  affinity?: object
  containers: readonly Container[]
  volumes?: readonly Readonly<{ name: string; emptyDir?: Readonly<{ sizeLimit?: string }> }>[]
}>
export type Peer = Readonly<{
  podSelector?: Selector
  namespaceSelector?: Selector
  ipBlock?: Readonly<{ cidr: string }>
}>
type Ports = readonly Readonly<{ port: number | string }>[]

export type KubernetesObject = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{ name: string; namespace?: string; labels?: Labels; annotations?: Labels }>
  data?: Labels
  spec: Readonly<{
    replicas?: number
    strategy?: Readonly<{ rollingUpdate?: Readonly<{ maxUnavailable: number; maxSurge: number }> }>
    /** Of a Service its labels; of others a selector. */
    selector?: Selector & Labels
    template?: Readonly<{ metadata: Readonly<{ labels: Labels; annotations?: Labels }>; spec: Pod }>
    ports?: readonly Readonly<{ name: string; port: number; targetPort: string }>[]
    maxUnavailable?: number
    minReplicas?: number
    maxReplicas?: number
    scaleTargetRef?: Readonly<{ kind: string; name: string }>
    metrics?: readonly Readonly<{ type: string; pods?: Readonly<{ metric: Readonly<{ name: string }> }> }>[]
    podSelector?: Selector
    ingress?: readonly Readonly<{ from?: readonly Peer[]; ports?: Ports }>[]
    egress?: readonly Readonly<{ to?: readonly Peer[]; ports?: Ports }>[]
    rules?: readonly Readonly<{
      host: string
      http: Readonly<{
        paths: readonly Readonly<{
          path: string
          backend: Readonly<{ service: Readonly<{ name: string; port: Readonly<{ name: string }> }> }>
        }>[]
      }>
    }>[]
  }>
}>

export const objectsOf = (text: string): KubernetesObject[] =>
  parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject)

export const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key] ?? ''))

/** What makes pods: their labels and what is in them. */
export const workloadsOf = (objects: readonly KubernetesObject[]) =>
  objects.flatMap(({ kind, metadata: { name }, spec }) =>
    spec?.template ? [{ kind, name, labels: spec.template.metadata.labels, pod: spec.template.spec }] : [],
  )
export type Workload = ReturnType<typeof workloadsOf>[number]
