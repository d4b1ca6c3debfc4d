import { statfs } from 'node:fs/promises'
import { readAtScrape, type Metrics } from '@bigtech/telemetry'

/** Of the disk that DATA_DIR is on. A process that keeps nothing there, and has no such folder, tells nothing. */
export function measureDisk(metrics: Metrics, folder: string): void {
  const read = readAtScrape(() => statfs(folder))
  const gauge = (name: string, help: string, blocks: 'bavail' | 'blocks') =>
    metrics.gauge({
      name,
      help,
      async collect(series) {
        const disk = await read()
        if (disk) series.set({}, disk[blocks] * disk.bsize)
        else series.remove({})
      },
    })
  gauge('data_disk_free_bytes', 'What is left to this program of the disk that DATA_DIR is on', 'bavail')
  gauge('data_disk_size_bytes', 'Size of the disk that DATA_DIR is on', 'blocks')
}
