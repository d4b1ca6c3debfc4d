import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import type { Server } from '../server.ts'
import { end, find, folder, launch, listens, pidOf, place, port, run, StackError, waitUntil } from '../work.ts'

const VERSION = '1.47.0'
const PORT = port(27217)
const SOURCE = new URL('mongo-wire/MongoWire.java', import.meta.url)
const classes = () => place('mongo-wire', 'classes')
const libs = () => place('mongo-wire', 'libs')

function install(): void {
  if (existsSync(place('mongo-wire', 'classes', 'MongoWire.class'))) return
  for (const program of ['java', 'javac'])
    if (!find(program)) throw new StackError(`${program} not found: mongo-java-server needs Java 17 or later`)
  if (!find('mvn')) throw new StackError('mvn not found: Maven fetches mongo-java-server')
  if (!readdirSync(folder('mongo-wire', 'libs')).some((file) => file.startsWith('mongo-java-server-'))) {
    console.log(`  fetching mongo-java-server ${VERSION} (6 MB)`)
    const dependency = (group: string, artifact: string, version: string) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
    writeFileSync(
      place('mongo-wire', 'pom.xml'),
      `<project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>local</groupId><artifactId>mongo-wire</artifactId><version>1</version><packaging>pom</packaging>
      <dependencies>
        ${dependency('de.bwaldvogel', 'mongo-java-server', VERSION)}
        ${dependency('org.slf4j', 'slf4j-nop', '2.0.17')}
      </dependencies>
    </project>`,
    )
    const goal = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libs()}`, '-DincludeScope=runtime']
    run('mvn', goal, { cwd: place('mongo-wire') })
  }
  run('javac', ['-cp', place('mongo-wire', 'libs', '*'), '-d', classes(), SOURCE.pathname])
}

/** In memory: what it was told is gone with it. */
export const mongoWire: Server = {
  name: 'mongo-wire',
  title: 'mongo-java-server, a stand-in for MongoDB, in memory',
  processes: ['mongo-wire'],
  settings: { MONGO_WIRE_URL: `mongodb://127.0.0.1:${PORT}` },
  install,
  async start() {
    if (pidOf('mongo-wire') !== undefined) return
    const memory = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
    const classpath = [classes(), place('mongo-wire', 'libs', '*')].join(':')
    await launch('mongo-wire', [PORT], 'java', [...memory, '-cp', classpath, 'MongoWire', String(PORT)])
    await waitUntil('mongo-wire', () => listens(PORT))
  },
  stop: () => end('mongo-wire'),
}
