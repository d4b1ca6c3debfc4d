import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { notesOf, problemsOf } from './release.ts'

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.0] - 2026-12-24

### Added
- Kubernetes.

## [1.1.0] - 2026-11-01

[1.2.0]: https://example.com
`
const files: Record<string, string> = {
  'package.json': '{"version": "1.2.0"}',
  'k8s/manifests/image/kustomization.yaml': 'images:\n  - newTag: 1.2.0\n',
  'infrastructure/docker/Dockerfile': 'FROM scratch\nARG VERSION=1.2.0\n',
  'infrastructure/docker/docker-compose.msa.yml': 'x-service:\n  image: bigtech-chat:1.2.0\n',
  'CHANGELOG.md': CHANGELOG,
}

test('notes are what stands under the version', () => {
  assert.equal(notesOf(CHANGELOG, '1.2.0'), '### Added\n- Kubernetes.')
  assert.equal(notesOf(CHANGELOG, '1.1.0'), undefined)
  assert.equal(notesOf(CHANGELOG, '1.3.0'), undefined)
})

test('a release whose places agree is right; else each that does not is named', () => {
  assert.deepEqual(
    problemsOf('1.2.0', (path) => files[path]!),
    [],
  )
  assert.equal(problemsOf('1.3.0', (path) => files[path]!).length, Object.keys(files).length)
  assert.deepEqual(
    problemsOf('v1.2', (path) => files[path]!),
    ['v1.2 is no version such as 1.2.3'],
  )
})

test('the changelog of this tree has a place for what is not released, and says what it follows', () => {
  const changelog = readFileSync(join(import.meta.dirname, '../CHANGELOG.md'), 'utf8')
  assert.match(changelog, /keepachangelog\.com/)
  assert.match(changelog, /^## \[Unreleased\]$/m)
})
