import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { client } from '../app/client.ts'

type Kind = 'thumbnail' | 'file'
type Entry = { url: Promise<string>; users: number }

/** Files need the access token, so pictures are fetched and shown from memory; what nobody shows is let go, oldest first. */
const KEPT = 60
const entries = new Map<string, Entry>()

function take(id: string, kind: Kind): Entry {
  const key = `${kind} ${id}`
  const entry = entries.get(key) ?? { url: load(id, kind), users: 0 }
  entry.users++
  // The newest stands last.
  entries.delete(key)
  entries.set(key, entry)
  entry.url.catch(() => entries.delete(key))
  return entry
}

async function load(id: string, kind: Kind): Promise<string> {
  const blob = await (kind === 'thumbnail' ? client.files.thumbnail(id) : client.files.download(id))
  return URL.createObjectURL(blob)
}

function prune(): void {
  for (const [key, entry] of entries) {
    if (entries.size <= KEPT) return
    if (entry.users > 0) continue
    entries.delete(key)
    entry.url.then((url) => URL.revokeObjectURL(url)).catch(() => {})
  }
}

/** The address of a file while the component lives. `failed` once it could not be loaded; `retry` tries again. */
export function useFileUrl(id: Ref<string | undefined>, kind: Kind) {
  const url = shallowRef<string>()
  const failed = shallowRef(false)
  let held: Entry | undefined
  const release = () => {
    if (held) held.users--
    held = undefined
    prune()
  }
  const hold = (wanted: string | undefined) => {
    release()
    url.value = undefined
    failed.value = false
    if (wanted === undefined) return
    const mine = take(wanted, kind)
    held = mine
    mine.url.then(
      (found) => mine === held && (url.value = found),
      () => mine === held && (failed.value = true),
    )
  }
  watch(id, hold, { immediate: true })
  onScopeDispose(release)
  return { url, failed, retry: () => hold(id.value) }
}

/** Gives a file to the browser to save. */
export async function saveFile(id: string, name: string): Promise<void> {
  saveBlob(await client.files.download(id), name)
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
