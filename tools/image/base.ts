import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** What Node and the native packages are linked with (the test looks with ldd), and the certificates that other programs trust. */
const PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6', 'gcc-12-base', 'ca-certificates']

/** Of these packages: tools, character sets and texts that nothing here reads. Their licences (usr/share/doc) stay. */
const WITHOUT = [
  'usr/share/{man,locale,lintian,bug,gdb}',
  'usr/lib/*/{gconv,audit}',
  'usr/{sbin,bin,share/gcc}',
  'sbin',
  'etc/{ld.so.conf.d,ca-certificates}',
]

/** Whom the program runs as: nobody else is known in the image, and a number is what Kubernetes asks for. */
export const USER = 1000

/** Debian's C and C++ libraries as a file system without a shell or a package manager. */
export function makeBase(folder: string): void {
  const debs = mkdtempSync(join(tmpdir(), 'image-debs-'))
  // apt drops its rights to download, where it can.
  chmodSync(debs, 0o777)
  execFileSync('apt-get', ['download', '-qq', ...PACKAGES], { cwd: debs, stdio: ['ignore', 'ignore', 'inherit'] })
  mkdirSync(join(folder, 'var/lib/dpkg/status.d'), { recursive: true })
  for (const deb of globSync('*.deb', { cwd: debs }).sort()) {
    execFileSync('dpkg-deb', ['-x', join(debs, deb), folder])
    // Where scanners of images look for what is in one that has no dpkg.
    const control = execFileSync('dpkg-deb', ['-f', join(debs, deb)])
    writeFileSync(join(folder, 'var/lib/dpkg/status.d', deb.split('_', 1)[0]!), control)
  }
  rmSync(debs, { recursive: true })
  bundleCertificates(folder)
  for (const pattern of WITHOUT)
    for (const path of globSync(pattern, { cwd: folder })) rmSync(join(folder, path), { recursive: true, force: true })
  for (const path of globSync('usr/share/doc/*/*', { cwd: folder }))
    if (basename(path) !== 'copyright') rmSync(join(folder, path), { recursive: true })
  writeFileSync(join(folder, 'etc/passwd'), `root:x:0:0::/:/nonexistent\nnode:x:${USER}:${USER}::/app:/nonexistent\n`)
  writeFileSync(join(folder, 'etc/group'), `root:x:0:\nnode:x:${USER}:\n`)
  writeFileSync(join(folder, 'etc/nsswitch.conf'), 'hosts: files dns\n')
  mkdirSync(join(folder, 'tmp'))
  chmodSync(join(folder, 'tmp'), 0o1777)
  // Somewhere to mount them, where the engine wants these folders.
  for (const name of ['dev', 'proc', 'sys']) mkdirSync(join(folder, name))
}

/** One file, as `update-ca-certificates` makes it. */
function bundleCertificates(folder: string): void {
  const bundle = join(folder, 'etc/ssl/certs/ca-certificates.crt')
  mkdirSync(join(folder, 'etc/ssl/certs'), { recursive: true })
  writeFileSync(bundle, '')
  const certificates = join(folder, 'usr/share/ca-certificates')
  for (const file of globSync('**/*.crt', { cwd: certificates }).sort((a, b) => (basename(a) < basename(b) ? -1 : 1)))
    appendFileSync(bundle, readFileSync(join(certificates, file)))
  rmSync(certificates, { recursive: true })
}
