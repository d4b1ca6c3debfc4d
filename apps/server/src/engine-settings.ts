import { boolean, duration, int, list, listOf, oneOf, string, url, type Values } from '@bigtech/config'
import { ROLES, SERVICE_ROLES, type Role, type ServiceRole } from './roles.ts'

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
  SERVICE_SECRET: list({
    default: [],
    secret: true,
    minLength: 32,
    doc: 'What the services prove to each other who they are with; the same for all processes. Of several the first is used and all are accepted.',
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
    doc: 'The services: MySQL 8 or MariaDB, mysql://user:password@host:port. The databases are made in it.',
  }),
  READ_REPLICA_URL: url({
    optional: true,
    secret: true,
    protocols: ['mysql'],
    doc: 'A server that follows MYSQL_URL, for reads that may be a moment old.',
  }),
  MESSAGE_STORE: oneOf(['mysql', 'mongodb'], {
    default: 'mysql',
    doc: 'chat-service: where the log of the chats, messages and what they are found by are. Rooms are in MySQL either way. Fixed when the store is made.',
  }),
  MONGODB_URL: string({
    optional: true,
    secret: true,
    doc: 'chat-service, with MESSAGE_STORE=mongodb: a replica set or what routes to several, mongodb://user:password@host:port,host:port/?replicaSet=name. The database is made in it.',
  }),
  CHAT_PARTITIONS: int({
    default: 10,
    min: 1,
    max: 1_000,
    doc: 'chat-service: parts of the chats, each written by one process at a time. Fixed when the store is made.',
  }),
  CHAT_LOG_KEEP: duration({
    optional: true,
    min: 3_600_000,
    doc: 'chat-service: how long its log keeps what was written, say 90d; for ever if unset. Once something is gone, its tables cannot be made anew from the log.',
  }),
  NODE_ADDRESS: url({
    optional: true,
    protocols: ['http'],
    doc: 'chat-service: where its other processes reach the internal port of this one. Default: the address it listens on, or of this machine.',
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
  NOTIFICATION_SERVICE_URLS: addresses(8004, 'notification-service'),
  AI_SERVICE_URLS: addresses(8006, 'ai-service'),
  ANALYTICS_SERVICE_URLS: addresses(8007, 'analytics-service'),
  SERVICE_LIMITS: boolean({
    default: false,
    doc: 'The services count calls on their own ports: for a proxy in the place of the gateway, which counts them otherwise.',
  }),
  USER_SERVICE_INTERNAL_PORT: internalPort(9005, 'user-service'),
  FRIEND_SERVICE_INTERNAL_PORT: internalPort(9003, 'friend-service'),
  CHAT_SERVICE_INTERNAL_PORT: internalPort(9002, 'chat-service'),
  NOTIFICATION_SERVICE_INTERNAL_PORT: internalPort(9004, 'notification-service'),
  AI_SERVICE_INTERNAL_PORT: internalPort(9006, 'ai-service'),
  ANALYTICS_SERVICE_INTERNAL_PORT: internalPort(9007, 'analytics-service'),
  USER_SERVICE_INTERNAL_URLS: addresses(9005, 'user-service (internal port)'),
  FRIEND_SERVICE_INTERNAL_URLS: addresses(9003, 'friend-service (internal port)'),
  CHAT_SERVICE_INTERNAL_URLS: addresses(9002, 'chat-service (internal port)'),
  NOTIFICATION_SERVICE_INTERNAL_URLS: addresses(9004, 'notification-service (internal port)'),
  AI_SERVICE_INTERNAL_URLS: addresses(9006, 'ai-service (internal port)'),
  ANALYTICS_SERVICE_INTERNAL_URLS: addresses(9007, 'analytics-service (internal port)'),
} as const

type EngineValues = Values<typeof engineSchema>

/** What the profile and the roles need and is not set, and what cannot be right; a line each. */
export function engineProblems(values: EngineValues & Readonly<{ PROFILE: string }>): string[] {
  const roles = rolesOf(values)
  if (values.PROFILE === 'embedded')
    return roles.size === ROLES.length ? [] : ['ROLES is set; PROFILE=embedded runs everything in one process']
  const sql = SERVICE_ROLES.filter((role) => roles.has(role) && role !== 'analytics')
  const needs: readonly (readonly [name: keyof EngineValues, by: string])[] = [
    ['SERVICE_SECRET', 'PROFILE=distributed'],
    ['REDIS_URL', 'PROFILE=distributed'],
    ['KAFKA_BROKERS', 'PROFILE=distributed'],
    ...(sql.length > 0 ? [['MYSQL_URL', `role ${sql.join(', ')}`] as const] : []),
    ...(roles.has('user') ? [['SIGNING_KEY_SECRET', 'role user'] as const] : []),
    ...(roles.has('chat') && values.MESSAGE_STORE === 'mongodb'
      ? [['MONGODB_URL', 'MESSAGE_STORE=mongodb'] as const]
      : []),
  ]
  const isSet = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0)
  return [
    ...needs
      .filter(([name]) => !isSet(values[name]))
      .map(([name, by]) => `${name} is not set; ${by} needs it (docs/configuration.md)`),
    ...wrong(
      'INSTALLATION',
      values.INSTALLATION ?? 'none',
      NAME,
      'up to 30 lower-case letters and digits, and none of user, friend, chat, message, notification, analytics, care',
    ),
    ...values.KAFKA_BROKERS.flatMap((broker) =>
      wrong('KAFKA_BROKERS', broker, BROKER, 'host:port, separated by commas'),
    ),
    ...SERVICE_ROLES.flatMap((role) => [urlsOf(role), internalUrlsOf(role)]).flatMap((name) =>
      values[name].flatMap((address) => wrong(name, address, ADDRESS, 'addresses such as http://host:8005')),
    ),
  ]
}

/** Not the first word of an unnamed installation's topics and objects: it would be seen by that one, or see its. */
const NAME = /^(?!(?:user|friend|chat|message|notification|analytics|care)$)[a-z][a-z0-9]{0,29}$/
const BROKER = /^([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/
/** Services speak HTTP in a network of their own; a path would be passed over. */
const ADDRESS = /^http:\/\/([\w.-]+|\[[\da-fA-F:]+\])(:\d{1,5})?\/?$/

const wrong = (name: string, value: string, right: RegExp, expected: string): string[] =>
  right.test(value) ? [] : [`${name} has ${JSON.stringify(value)}; expected ${expected}`]

const upper = <R extends string>(role: R) => `${role.toUpperCase()}_SERVICE` as `${Uppercase<R>}_SERVICE`

export const urlsOf = (role: ServiceRole) => `${upper(role)}_URLS` as const
export const internalUrlsOf = (role: ServiceRole) => `${upper(role)}_INTERNAL_URLS` as const
export const portOf = (role: ServiceRole) => `${upper(role)}_PORT` as const
export const internalPortOf = (role: ServiceRole) => `${upper(role)}_INTERNAL_PORT` as const

/** Of a server that others may run beside. */
export const FREE_PORTS: Readonly<Record<string, string>> = {
  GATEWAY_PORT: '0',
  ...Object.fromEntries(
    SERVICE_ROLES.flatMap((role) => [portOf(role), internalPortOf(role)]).map((name) => [name, '0']),
  ),
}

export const rolesOf = ({ ROLES: wanted }: Pick<EngineValues, 'ROLES'>): ReadonlySet<Role> =>
  new Set(wanted.includes('all') ? ROLES : wanted.filter((role) => role !== 'all'))
