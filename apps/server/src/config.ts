import {
  boolean,
  bytes,
  ConfigError,
  defineConfig,
  duration,
  int,
  oneOf,
  origins,
  string,
  url,
  type Config,
  type Values,
} from '@bigtech/config'
import { logLevels } from '@bigtech/telemetry'
import { careProblems, careSchema } from './care-settings.ts'
import { engineSchema, engineProblems } from './engine-settings.ts'
import { tlsProblems, tlsSchema, urlOfDomain } from './tls/tls-settings.ts'

const port = (defaultPort: number, of: string) =>
  int({ default: defaultPort, min: 0, max: 65_535, doc: `Port of ${of}; 0 picks a free one.` })

const schema = {
  NODE_ENV: oneOf(['development', 'production', 'test'], {
    default: 'development',
    doc: 'In production no demo data is made and access from other sites must be allowed explicitly.',
  }),
  PROFILE: oneOf(['embedded', 'distributed'], {
    default: 'embedded',
    doc: 'What to run on: files of this machine, or MySQL, Redis, Kafka and S3 (docs/deployment.md).',
  }),
  DATA_DIR: string({ default: './data', doc: 'Folder of databases, uploaded files, keys and mails.' }),
  HOST: string({ default: '127.0.0.1', doc: 'Address the gateway listens on; 0.0.0.0 lets other machines in.' }),
  SERVICE_HOST: string({
    default: '127.0.0.1',
    doc: "Address the services' own ports listen on. Other machines need only the gateway.",
  }),
  GATEWAY_PORT: port(8080, 'the gateway'),
  USER_SERVICE_PORT: port(8005, 'user-service'),
  FRIEND_SERVICE_PORT: port(8003, 'friend-service'),
  CHAT_SERVICE_PORT: port(8002, 'chat-service'),
  NOTIFICATION_SERVICE_PORT: port(8004, 'notification-service'),
  AI_SERVICE_PORT: port(8006, 'ai-service'),
  ANALYTICS_SERVICE_PORT: port(8007, 'analytics-service'),
  ...tlsSchema,
  PUBLIC_URL: url({
    optional: true,
    doc: 'Address under which people reach the gateway, for links in mails. Default with DOMAIN: https:// and its first name.',
  }),
  CORS_ORIGINS: origins({ default: [], doc: 'Other web sites allowed to call the API, comma-separated origins.' }),
  TRUST_PROXY: boolean({
    default: false,
    doc: 'Take the client address from X-Forwarded-For: only behind a proxy that sets it.',
  }),
  LOG_LEVEL: oneOf(logLevels, { default: 'info', doc: 'Least severe log lines written.' }),
  LOG_FILE: string({ optional: true, doc: 'Where log lines go; standard output if unset.' }),
  METRICS_TOKEN: string({
    optional: true,
    secret: true,
    minLength: 16,
    doc: 'Bearer token for /metrics. Without it only programs on this machine may read the metrics.',
  }),
  LOG_FILE_SIZE: bytes({
    default: 50 * 1_024 * 1_024,
    min: 1_024,
    doc: 'A log file of this size is set aside as .1, .2 ...; five are kept.',
  }),
  SMTP_URL: url({
    optional: true,
    secret: true,
    protocols: ['smtp', 'smtps'],
    doc: 'Mail server, smtp://user:password@host:587 or smtps://host:465. Without one mails are files in DATA_DIR/mail.',
  }),
  MAIL_FROM: string({ default: 'BigTech Chat <no-reply@localhost>', doc: 'Sender of mails.' }),
  EMAIL_CONFIRMATION: oneOf(['optional', 'required'], {
    default: 'optional',
    doc: 'Whether people must confirm their address before they sign in, or are only asked to.',
  }),
  VAPID_PUBLIC_KEY: string({
    optional: true,
    doc: 'Key with which devices subscribe to notifications, base64url. With VAPID_PRIVATE_KEY; without them a pair is made at the first start and kept in the database.',
  }),
  VAPID_PRIVATE_KEY: string({ optional: true, secret: true, doc: 'Belongs to VAPID_PUBLIC_KEY.' }),
  PUSH_CONTACT: string({
    default: 'mailto:operator@localhost',
    doc: 'Who operates this server, mailto:… or https://…: told to the push services of browsers, some of which refuse what is not real.',
  }),
  PUSH_TO_PRIVATE_NETWORKS: boolean({
    default: false,
    doc: 'Devices may subscribe with a push service in a private network, over http too: for one of your own.',
  }),
  PUSH_CLOSES_PER_DAY: int({
    default: 5,
    min: 0,
    doc: 'So many pushes a day take a notification off a device, as it was read elsewhere or taken back. They show nothing, which browsers bear a few times only: Firefox ends a subscription after 16.',
  }),
  MAIL_RETENTION: duration({
    default: 7 * 86_400_000,
    min: 3_600_000,
    doc: 'Mails in DATA_DIR/mail are deleted after this time.',
  }),
  ACTIVITY_RETENTION: duration({
    default: 400 * 86_400_000,
    min: 86_400_000,
    doc: 'What people did (signing in, profile changes) is told one by one for this time; then only what came of it.',
  }),
  DEMO_DATA: boolean({
    optional: true,
    doc: 'Make a small demo world at the first start. Default: yes, but not in production.',
  }),
  RATE_LIMIT_ANONYMOUS: int({
    default: 100,
    min: 1,
    doc: 'Calls a minute and address without signing in.',
  }),
  RATE_LIMIT_USER: int({ default: 3_000, min: 1, doc: 'Calls and stream commands a minute and signed-in user.' }),
  LOGIN_ATTEMPTS: int({
    default: 5,
    min: 1,
    doc: 'Failed sign-ins a minute, per account and address; after twice as many at an account from everywhere, each makes the next wait.',
  }),
  LOGIN_ATTEMPTS_ADDRESS: int({
    default: 100,
    min: 1,
    doc: 'Failed sign-ins, and password reset mails, in 15 minutes per address, over all accounts.',
  }),
  PASSWORD_HASH_MEMORY: bytes({ default: 19 * 1_024 * 1_024, min: 64 * 1_024, doc: 'Memory of one argon2id hash.' }),
  MAX_FILE_SIZE: bytes({ default: 10 * 1_024 * 1_024, min: 1_024, doc: 'Largest upload.' }),
  MEMBERS_PER_ROOM: int({ default: 10_000, min: 2, doc: 'Members of a group.' }),
  ROOMS_PER_USER: int({ default: 5_000, min: 1, doc: 'Rooms of one account.' }),
  GROUPS_PER_DAY: int({ default: 200, min: 1, doc: 'Groups one account makes in a day (UTC).' }),
  INVITE_LINKS_PER_DAY: int({
    default: 200,
    min: 1,
    doc: 'Invite links one account makes in a day (UTC); a group has one at a time.',
  }),
  FRIEND_REQUESTS_PER_DAY: int({ default: 100, min: 1, doc: 'Friend requests one account sends in 24 hours.' }),
  ASK_AGAIN_AFTER: duration({
    default: 30 * 86_400_000,
    min: 0,
    doc: 'Time after a rejected friend request, or a declined invitation to a group, before the next may come.',
  }),
  STORAGE_PER_USER: bytes({ default: 5 * 1_024 ** 3, min: 1_024, doc: 'Files of one account, in all.' }),
  FILES_PER_USER: int({ default: 50_000, min: 1, doc: 'Files of one account, in number.' }),
  REACTIONS_PER_MESSAGE: int({ default: 20, min: 1, doc: 'Different reactions to one message.' }),
  PINS_PER_ROOM: int({ default: 50, min: 1, doc: 'Pinned messages of a room.' }),
  SESSIONS_PER_USER: int({
    default: 50,
    min: 1,
    doc: 'Open sessions of one account; a further sign-in ends the one that was unused longest.',
  }),
  MAX_CONNECTIONS: int({
    default: 50_000,
    min: 1,
    doc: 'Open streams, as far as the limit on open files allows (less 500); further ones are told to come back later.',
  }),
  STREAMS_PER_USER: int({ default: 20, min: 1, doc: 'Open streams of one account: windows and devices.' }),
  STREAMS_PER_ADDRESS: int({
    default: 200,
    min: 1,
    doc: 'Open streams from one address; more where many people share one (an office, a proxy without TRUST_PROXY).',
  }),
  STREAM_HEARTBEAT: duration({ default: 15_000, min: 1_000, doc: 'Time between heartbeats of a stream.' }),
  STREAM_BUFFER: bytes({
    default: 1_024 * 1_024,
    min: 64 * 1_024,
    doc: 'Unread data after which a slow stream is closed.',
  }),
  PRESENCE: boolean({ default: true, doc: 'Tell friends who is online.' }),
  CLOSURE_DEADLINE: duration({
    default: 60_000,
    min: 1_000,
    doc: 'Time the services have to agree to an account closure.',
  }),
  ANALYTICS_TIME_ZONE: string({
    default: 'Asia/Seoul',
    doc: 'Time zone whose days and weeks statistics, and trends of the care service, are by unless another one is asked for.',
  }),
  ANALYTICS_COLLECT: duration({
    optional: true,
    min: 0,
    doc: 'How long events are collected before they are counted together. Default: 1s; with PROFILE=distributed, where each time makes an object, 10s.',
  }),
  ANALYTICS_MEMORY: bytes({
    default: 512 * 1_024 * 1_024,
    min: 64 * 1_024 * 1_024,
    doc: 'Memory that questions to the statistics may take while they are answered; more goes to the disk.',
  }),
  ...careSchema,
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    optional: true,
    doc: 'Collector for OpenTelemetry traces (OTLP over HTTP); off if unset.',
  }),
  SHUTDOWN_DELAY: duration({
    default: 0,
    min: 0,
    doc: 'Time between the signal to stop, from when on /ready says no, and the end of answers: for balancers that ask /ready.',
  }),
  ...engineSchema,
} as const

const parsed = defineConfig(schema)

/** Every setting of the server. The only place that knows the environment. */
export const config: Config<typeof schema> = {
  ...parsed,
  parse(env) {
    const values = parsed.parse(env)
    const problems = [...engineProblems(values), ...careProblems(values), ...tlsProblems(values)]
    if (problems.length > 0) throw new ConfigError(problems)
    return { ...values, PUBLIC_URL: values.PUBLIC_URL ?? urlOfDomain(values) }
  },
}

/** Those that only PROFILE=distributed reads. */
export const isOfDistributed = (name: string): boolean => Object.hasOwn(engineSchema, name)

export type Settings = Values<typeof schema>

export const demoDataWanted = (settings: Settings): boolean => settings.DEMO_DATA ?? settings.NODE_ENV !== 'production'
