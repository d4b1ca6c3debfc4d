import { int, list, listOf, string, url, type Values } from '@bigtech/config'
import { ROLES, SERVICE_ROLES } from './roles.ts'

const internalPort = (defaultPort: number, of: string) =>
  int({ default: defaultPort, min: 0, max: 65_535, doc: `Port of ${of} for the other services; 0 picks a free one.` })

const addresses = (port: number, of: string) =>
  list({ default: [`http://127.0.0.1:${port}`], doc: `Where the processes of ${of} are, for the others.` })

/** What PROFILE=distributed needs beside the rest. */
export const engineSchema = {
  ROLES: listOf(['all', ...ROLES], { default: ['all'], doc: 'What this process is.' }),
  NODE_ID: string({
    optional: true,
    doc: 'Name of this process, unlike any other that runs and the same after a restart: then it takes up its own leases at once. Default: a new one each time.',
  }),
  INSTALLATION: string({
    optional: true,
    doc: 'Name of this installation if several share the engines; it stands before the names of databases, topics, keys and objects.',
  }),
  SERVICE_SECRET: string({
    optional: true,
    secret: true,
    minLength: 32,
    doc: 'What the services prove to each other who they are with; the same for all processes.',
  }),
  SIGNING_KEY_SECRET: string({
    optional: true,
    secret: true,
    minLength: 32,
    doc: 'user-service: encrypts the private keys of the access tokens in its database; the same for all of its processes.',
  }),
  MYSQL_URL: url({
    optional: true,
    secret: true,
    protocols: ['mysql'],
    doc: 'user- and friend-service: MySQL 8 or MariaDB, mysql://user:password@host:port. The databases are made in it.',
  }),
  READ_REPLICA_URL: url({
    optional: true,
    secret: true,
    protocols: ['mysql'],
    doc: 'A server that follows MYSQL_URL, for reads that may be a moment old.',
  }),
  MYSQL_CONNECTIONS: int({
    default: 20,
    min: 2,
    max: 1_000,
    doc: 'Connections of a process to a database.',
  }),
  REDIS_URL: string({
    optional: true,
    secret: true,
    doc: 'Where Redis is: redis://…, redis+sentinel://host,host/group or redis+cluster://host,host.',
  }),
  KAFKA_BROKERS: list({ default: [], doc: 'Where some of the brokers are, host:port; they name the others.' }),
  KAFKA_REPLICATION: int({ default: 3, min: 1, max: 9, doc: 'Copies of each new topic.' }),
  KAFKA_MIN_INSYNC_REPLICAS: int({
    default: 2,
    min: 1,
    max: 9,
    doc: 'Copies that must hold an event before it counts as stored.',
  }),
  S3_ENDPOINT: url({ optional: true, doc: 'Address of the file store; that of AWS if unset.' }),
  S3_REGION: string({ default: 'us-east-1', doc: 'Region of the file store.' }),
  S3_BUCKET: string({ default: 'bigtech-chat', doc: 'Bucket of files; made if it is not there.' }),
  S3_ACCESS_KEY_ID: string({
    optional: true,
    secret: true,
    doc: 'Key of the file store; if unset, as the AWS SDK finds one.',
  }),
  S3_SECRET_ACCESS_KEY: string({ optional: true, secret: true, doc: 'Belongs to S3_ACCESS_KEY_ID.' }),
  USER_SERVICE_URLS: addresses(8005, 'user-service'),
  FRIEND_SERVICE_URLS: addresses(8003, 'friend-service'),
  CHAT_SERVICE_URLS: addresses(8002, 'chat-service'),
  USER_SERVICE_INTERNAL_PORT: internalPort(9005, 'user-service'),
  FRIEND_SERVICE_INTERNAL_PORT: internalPort(9003, 'friend-service'),
  CHAT_SERVICE_INTERNAL_PORT: internalPort(9002, 'chat-service'),
  USER_SERVICE_INTERNAL_URLS: addresses(9005, 'user-service (internal port)'),
  FRIEND_SERVICE_INTERNAL_URLS: addresses(9003, 'friend-service (internal port)'),
  CHAT_SERVICE_INTERNAL_URLS: addresses(9002, 'chat-service (internal port)'),
} as const

type EngineValues = Values<typeof engineSchema>

const FOR_ALL = ['SERVICE_SECRET', 'REDIS_URL'] as const
const FOR_SQL = ['MYSQL_URL'] as const

/** What the profile and the roles need and is not set, one line each. */
export function missingEngines(values: EngineValues & Readonly<{ PROFILE: string }>): string[] {
  const roles = rolesOf(values)
  if (values.PROFILE === 'embedded')
    return roles.size === ROLES.length ? [] : ['ROLES is set; PROFILE=embedded runs everything in one process']
  const needed = new Map<string, string>(FOR_ALL.map((name) => [name, 'PROFILE=distributed']))
  const sql = [...roles].filter((role) => role === 'user' || role === 'friend')
  if (sql.length > 0) for (const name of FOR_SQL) needed.set(name, `role ${sql.join(' and ')}`)
  if (roles.has('user')) needed.set('SIGNING_KEY_SECRET', 'role user')
  const unset = [...needed].filter(([name]) => values[name as keyof EngineValues] === undefined)
  return [
    ...unset.map(([name, by]) => `${name} is not set; ${by} needs it (docs/configuration.md)`),
    ...(values.KAFKA_BROKERS.length === 0
      ? ['KAFKA_BROKERS is not set; PROFILE=distributed needs it (docs/configuration.md)']
      : []),
    ...(values.INSTALLATION === undefined || /^[a-z][a-z0-9]{0,29}$/.test(values.INSTALLATION)
      ? []
      : [`INSTALLATION is ${JSON.stringify(values.INSTALLATION)}; expected up to 30 lower-case letters and digits`]),
    ...addressProblems(values),
  ]
}

function addressProblems(values: EngineValues): string[] {
  const names = SERVICE_ROLES.flatMap((role) => [urlsOf(role), internalUrlsOf(role)])
  return names.flatMap((name) =>
    values[name]
      .filter((address) => !/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
      .map((address) => `${name} has ${JSON.stringify(address)}; expected addresses such as http://host:8005`),
  )
}

type Upper<R extends string> = `${Uppercase<R>}_SERVICE`
const upper = <R extends string>(role: R): Upper<R> => `${role.toUpperCase()}_SERVICE` as Upper<R>

export const urlsOf = (role: (typeof SERVICE_ROLES)[number]) => `${upper(role)}_URLS` as const
export const internalUrlsOf = (role: (typeof SERVICE_ROLES)[number]) => `${upper(role)}_INTERNAL_URLS` as const
export const portOf = (role: (typeof SERVICE_ROLES)[number]) => `${upper(role)}_PORT` as const
export const internalPortOf = (role: (typeof SERVICE_ROLES)[number]) => `${upper(role)}_INTERNAL_PORT` as const

export const rolesOf = ({ ROLES: wanted }: Pick<EngineValues, 'ROLES'>): ReadonlySet<(typeof ROLES)[number]> =>
  new Set(wanted.includes('all') ? ROLES : wanted.filter((role) => role !== 'all'))
