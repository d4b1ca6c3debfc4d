import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { StartupError } from '../startup-error.ts'

export const MANIFEST = 'manifest.json'
export const STATISTICS = 'analytics.duckdb'

/** What a backup says of itself: the first file in it. */
const ManifestSchema = Type.Object({
  format: Type.Literal(1),
  created_at: Type.String(),
  /** Of the program that wrote it. */
  version: Type.String(),
  /** Of the data folder (data-identity.ts). */
  folder: Type.Union([Type.Integer(), Type.Null()]),
  files: Type.Array(
    Type.Object({
      path: Type.String({ pattern: '^(?!/)(?!(.*/)?\\.\\.(/|$))[^\\\\\\0]+$' }),
      size: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
})
export type Manifest = Static<typeof ManifestSchema>

/** @throws StartupError for what is none, or of a later version */
export function readManifest(text: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new StartupError('The backup is damaged: its manifest is no JSON.')
  }
  const { format } = (value ?? {}) as { format?: unknown }
  if (typeof format === 'number' && format > 1)
    throw new StartupError(`The backup is of format ${format}, which this version does not know; use a later one.`)
  if (!Value.Check(ManifestSchema, value)) throw new StartupError('The backup is damaged: its manifest does not fit.')
  return value
}
