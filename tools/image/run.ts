import { spawn, type ChildProcess } from 'node:child_process'
import { chownSync } from 'node:fs'
import { find, StackError } from '../stack/work.ts'
import { USER } from './base.ts'
import { imageConfig, rootfs } from './layout.ts'

export type RunOptions = Readonly<{
  /** Folder of this machine that is /data; without one it is forgotten at the end. */
  data?: string
  env?: Readonly<Record<string, string>>
  /** In the place of the image's own. */
  command?: readonly string[]
  stdio: 'inherit' | 'pipe'
}>

export type Container = Readonly<{
  /** bubblewrap, which ends as the container did. */
  child: ChildProcess
  /** Sends a signal to process 1 of the container, if it still runs. */
  kill(signal: NodeJS.Signals): Promise<void>
}>

/**
 * Starts what the image says as an engine of containers would: its root is read-only, /tmp is empty, its user has no rights, Node is process 1.
 * The network is that of this machine.
 */
export function start({ data, env = {}, command, stdio }: RunOptions): Container {
  const { Env, Entrypoint, Cmd, WorkingDir, User } = imageConfig()
  const chroot = find('chroot')
  if (!chroot || process.getuid?.() !== 0)
    throw new StackError('to become the user of the image takes chroot, and root to begin with')
  if (data !== undefined) chownSync(data, USER, USER)
  const variables = Object.entries({
    ...Object.fromEntries(Env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
    ...env,
  })
  const sandbox = [
    ['--ro-bind', rootfs(), '/', '--proc', '/proc', '--dev', '/dev', '--perms', '1777', '--tmpfs', '/tmp'],
    data === undefined ? ['--perms', '1777', '--tmpfs', '/data'] : ['--bind', data, '/data'],
    ['--ro-bind', chroot, '/tmp/chroot', '--chdir', WorkingDir],
    ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--as-pid-1', '--die-with-parent', '--info-fd', '3'],
    // chroot gives up these rights with its user, before Node begins.
    ['--cap-drop', 'ALL', '--cap-add', 'CAP_SYS_CHROOT', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID'],
    ['--clearenv', ...variables.flatMap(([name, value]) => ['--setenv', name, value])],
    ['/tmp/chroot', '--skip-chdir', `--userspec=${User}`, '/'],
    Entrypoint,
    command ?? Cmd,
  ].flat()
  const child = spawn(find('bwrap')!, sandbox, {
    stdio: [stdio === 'inherit' ? 'inherit' : 'ignore', stdio, stdio, 'pipe'],
  })
  let known: number | undefined
  const pid = new Promise<number>((resolve, reject) => {
    let told = ''
    child.stdio[3]!.on('data', (part: Buffer) => {
      told += part.toString()
    })
    child.stdio[3]!.on('end', () => {
      const [, number] = /"child-pid": (\d+)/.exec(told) ?? []
      if (number) resolve((known = Number(number)))
      else reject(new StackError(`bubblewrap did not start: ${told}`))
    })
  })
  const kill = async (signal: NodeJS.Signals) => {
    const to = await pid
    if (child.exitCode === null && child.signalCode === null) process.kill(to, signal)
  }
  // bubblewrap would end it with this process, but for its change of user: Linux forgets with that who is to be told of the end of a parent.
  const endWithUs = () => {
    if (known !== undefined && child.exitCode === null && child.signalCode === null) process.kill(known, 'SIGKILL')
  }
  process.once('exit', endWithUs)
  child.once('exit', () => process.off('exit', endWithUs))
  return { child, kill }
}
