import type { Logger } from '../logger.ts'
import type { Commit } from './commands.ts'

/** Offsets of handled records become durable within this time; a kill -9 before that means redelivery, which the inbox absorbs. */
const COMMIT_INTERVAL_MS = 100

export type Committer = ReturnType<typeof createCommitter>

/** Collects the newest offset of each group and partition and writes them together, so that handlers never wait for the disk. */
export function createCommitter(write: (commits: Commit[]) => Promise<void>, logger: Logger) {
  const dirty = new Map<string, Commit>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const writeDirty = async () => {
    if (dirty.size === 0) return
    const commits = [...dirty]
    dirty.clear()
    try {
      await write(commits.map(([, commit]) => commit))
    } catch (error) {
      for (const [id, commit] of commits) if (!dirty.has(id)) dirty.set(id, commit)
      schedule()
      throw error
    }
  }
  /** Resolves when everything marked before the call is durable. */
  const flush = (): Promise<void> => {
    const next = writing.then(writeDirty)
    writing = next.catch(() => {})
    return next
  }
  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      flush().catch((error: unknown) =>
        logger.warn({ err: error }, 'committing consumer offsets failed; it is tried again'),
      )
    }, COMMIT_INTERVAL_MS)
  }
  return {
    mark(commit: Commit): void {
      dirty.set(`${commit.group}\n${commit.topicId}\n${commit.partition}`, commit)
      schedule()
    },
    flush,
    stop: () => clearTimeout(timer),
  }
}
