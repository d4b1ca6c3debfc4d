import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, freePort, tempDir, type Cleanup } from '@bigtech/testkit'
import type { Urls } from './server.ts'

const PROGRAM = ['/usr/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync)
export const TEMPLATE = join(import.meta.dirname, '../../infrastructure/docker/nginx/templates/default.conf.template')

export const noNginx: string | false = PROGRAM ? false : 'no nginx (Debian, Ubuntu: apt-get install nginx-light)'

const serversOf = (...urls: string[]): string => urls.map((url) => `server ${new URL(url).host};`).join('\n')

/** NGINX with the configuration of infrastructure/docker before these services. @returns its address */
export async function startNginx(t: Cleanup, urls: Urls, more: Record<string, string> = {}): Promise<string> {
  const port = await freePort()
  const variables: Record<string, string> = {
    USER_SERVICE_SERVERS: serversOf(urls.user),
    FRIEND_SERVICE_SERVERS: serversOf(urls.friend),
    CHAT_SERVICE_SERVERS: serversOf(urls.chat),
    NOTIFICATION_SERVICE_SERVERS: serversOf(urls.notification),
    AI_SERVICE_SERVERS: serversOf(urls.ai),
    ANALYTICS_SERVICE_SERVERS: serversOf(urls.analytics),
    GATEWAY_SERVERS: serversOf(urls.gateway),
    NGINX_LISTEN: `127.0.0.1:${port}`,
    NGINX_MAX_BODY: '11m',
    RATE_LIMIT_ANONYMOUS: '100000',
    ...more,
  }
  startSite(t, filledIn(TEMPLATE, variables))
  const url = `http://127.0.0.1:${port}`
  await eventually(async () => void (await fetch(`${url}/health`)))
  return url
}

/** A template of NGINX with what its `${…}` stand for. */
export function filledIn(template: string, variables: Readonly<Record<string, string>>): string {
  return readFileSync(template, 'utf8').replaceAll(/\$\{([A-Z_]+)\}/g, (_whole, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new Error(`the template wants ${name}`)
    return value
  })
}

/** NGINX with this site. @returns what gives it another one, as `nginx -s reload` does */
export function startSite(t: Cleanup, site: string): (other: string) => void {
  const folder = tempDir(t)
  for (const name of ['logs', 'tmp']) mkdirSync(join(folder, name))
  // Workers of a root would be nobody, who may not write into the folder what a slow reader leaves.
  const asRoot = process.getuid?.() === 0 ? 'user root; ' : ''
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path tmp/${name};`)
  writeFileSync(join(folder, 'site.conf'), site)
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${asRoot}daemon off; worker_processes 2; pid nginx.pid; error_log stderr warn;
     events { worker_connections 1024; }
     http { access_log off; ${temporary.join(' ')} include site.conf; }`,
  )
  const args = ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf']
  const checked = spawnSync(PROGRAM!, ['-t', '-q', ...args], { encoding: 'utf8' })
  if (checked.status !== 0) throw new Error(checked.stderr)
  const child = spawn(PROGRAM!, args, { stdio: 'ignore' })
  t.after(async () => {
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await exited
  })
  return (other) => {
    writeFileSync(join(folder, 'site.conf'), other)
    child.kill('SIGHUP')
  }
}
