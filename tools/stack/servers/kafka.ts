import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import type { Server } from '../server.ts'
import { end, find, folder, forget, launch, listens, pidOf, place, port, run, StackError, waitUntil } from '../work.ts'

const VERSION = '4.3.1'
/** A broker listens here, its controller a hundred above. */
const SINGLE = port(29092)
const CLUSTER = [1, 2, 3].map((n) => SINGLE + n)
const CLUSTER_ID = 'Ym0tdGVzdC1rcmFmdC0wMQ'

const JAVA = [
  '-Xms64m',
  '-Xmx320m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory',
]

const classpath = () => ['-cp', place('kafka', 'libs', '*')]

function install(): void {
  const libs = folder('kafka', 'libs')
  if (readdirSync(libs).some((file) => file.startsWith('kafka_2.13-'))) return
  if (!find('java')) throw new StackError('java not found: Kafka needs Java 17 or later')
  if (!find('mvn')) throw new StackError('mvn not found: Maven fetches the parts of Kafka')
  console.log(`  fetching Kafka ${VERSION} (44 MB)`)
  const dependency = (group: string, artifact: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  writeFileSync(
    place('kafka', 'pom.xml'),
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>local</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
      <dependencies>
        ${dependency('org.apache.kafka', 'kafka_2.13', VERSION)}
        ${dependency('org.slf4j', 'slf4j-simple', '1.7.36')}
      </dependencies>
    </project>`,
  )
  const goal = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`, '-DincludeScope=runtime']
  run('mvn', goal, { cwd: place('kafka') })
}

const nameOf = (at: number) => (at === SINGLE ? 'kafka' : `kafka-${at}`)

function configure(at: number, brokers: readonly number[]): string {
  const id = brokers.indexOf(at) + 1
  const alone = brokers.length === 1
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': brokers.map((each, i) => `${i + 1}@127.0.0.1:${each + 100}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${at},CONTROLLER://127.0.0.1:${at + 100}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${at}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': place('kafka', nameOf(at), 'data'),
    'auto.create.topics.enable': false,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'background.threads': 2,
    'num.recovery.threads.per.data.dir': 1,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.num.partitions': 8,
    'offsets.topic.replication.factor': brokers.length,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': brokers.length,
    'transaction.state.log.min.isr': alone ? 1 : 2,
    'default.replication.factor': brokers.length,
    'min.insync.replicas': alone ? 1 : 2,
    'broker.session.timeout.ms': 6_000,
    'broker.heartbeat.interval.ms': 1_000,
    'replica.lag.time.max.ms': 10_000,
  }
  folder('kafka', nameOf(at))
  const file = place('kafka', nameOf(at), 'server.properties')
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

async function startBrokers(brokers: readonly number[]): Promise<void> {
  for (const at of brokers) {
    if (pidOf(nameOf(at)) !== undefined) continue
    const file = configure(at, brokers)
    if (!existsSync(place('kafka', nameOf(at), 'data', 'meta.properties'))) {
      forget('kafka', nameOf(at), 'data')
      const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', CLUSTER_ID, '--config', file]
      run('java', [...JAVA, ...classpath(), ...format])
    }
    await launch(nameOf(at), [at, at + 100], 'java', [...JAVA, ...classpath(), 'kafka.Kafka', file])
  }
  for (const at of brokers) await waitUntil(nameOf(at), () => listens(at), 120_000)
}

// All at once: the last of a quorum alone waits long.
const stopBrokers = async (brokers: readonly number[]) => void (await Promise.all(brokers.map((at) => end(nameOf(at)))))

export const kafka: Server = {
  name: 'kafka',
  title: 'Kafka, one broker',
  processes: ['kafka'],
  settings: { KAFKA_BROKERS: `127.0.0.1:${SINGLE}` },
  install,
  start: () => startBrokers([SINGLE]),
  stop: () => stopBrokers([SINGLE]),
}

export const kafkaCluster: Server = {
  name: 'kafka-cluster',
  title: 'Kafka, three brokers',
  processes: CLUSTER.map(nameOf),
  settings: { KAFKA_CLUSTER_BROKERS: CLUSTER.map((at) => `127.0.0.1:${at}`).join(',') },
  install,
  start: () => startBrokers(CLUSTER),
  stop: () => stopBrokers(CLUSTER),
}
