import type { Result } from '../harness/results.ts'
import { median } from '../harness/statistics.ts'
import type { Figures } from '../harness/workload.ts'
import type { Chart, Point, Series } from './svg.ts'

type Results = ReadonlyMap<string, Result>

const BLUE = '#0b62c4'
const ORANGE = '#c2510a'
const PURPLE = '#7b3fc4'
const COLOURS = [BLUE, ORANGE, PURPLE]

/** Results of workloads named as the pattern, with the number in the name. */
function numbered(results: Results, pattern: RegExp): { n: number; result: Result }[] {
  return [...results]
    .map(([name, result]) => ({ n: Number(pattern.exec(name)?.[1]), result }))
    .filter(({ n }) => Number.isFinite(n))
    .sort((a, b) => a.n - b.n)
}

function point(x: number, result: Result, side: string, valueOf: (figures: Figures) => number): Point[] {
  const values = result.sides.find(({ name }) => name === side)?.rounds.map(valueOf) ?? []
  return values.length === 0 ? [] : [{ x, y: median(values), min: Math.min(...values), max: Math.max(...values) }]
}

export function latencyAgainstRate(results: Results): Chart {
  const found = numbered(results, /^relay-(\d+)$/)
  const series = (side: string, colour: string, p: number): Series => ({
    name: `${side}, p${p}`,
    colour,
    dashed: p === 99,
    points: found.flatMap(({ n, result }) => point(n, result, side, (figures) => figures[`p${p}_ms`]!)),
  })
  return {
    title: 'Delivery latency of 1:1 messages, stored durably, against rate',
    x: { label: 'messages per second, 100 pairs, open loop', scale: 'log' },
    y: { label: 'send to delivery, ms', scale: 'log' },
    series: [
      series('product', BLUE, 50),
      series('product', BLUE, 99),
      series('raw', ORANGE, 50),
      series('raw', ORANGE, 99),
    ],
  }
}

export function costAgainstRoomSize(results: Results): Chart {
  const found = numbered(results, /^room(\d+)-sat$/)
  const series = (side: string, colour: string): Series => ({
    name: side,
    colour,
    points: found.flatMap(({ n, result }) =>
      point(n, result, side, (figures) => (figures['server_cpu_cores']! * 1e6) / figures['deliveries_per_s']!),
    ),
  })
  return {
    title: 'Cost of a delivery against room size, WebSocket, saturated',
    x: { label: 'members of the room, all connected', scale: 'log' },
    y: { label: 'server processor time per delivery, µs', scale: 'log' },
    series: [series('product', BLUE), series('raw', ORANGE), series('raw plain', PURPLE)],
  }
}

/** The numbers in the names of those figures of a workload that have this form. */
function sizesOf(result: Result | undefined, form: string): number[] {
  const pattern = new RegExp(`^${form}$`)
  return Object.keys(result?.sides[0]?.rounds[0] ?? {}).flatMap((figure) => {
    const size = pattern.exec(figure)?.[1]
    return size === undefined ? [] : [Number(size)]
  })
}

/** Answer times of reads whose figures are named `<name>_<size>_c1_p99_ms`, one client. */
function answerTime(
  result: Result | undefined,
  chart: { title: string; of: string; limit: number; names: Record<string, string> },
): Chart {
  const names = Object.entries(chart.names)
  const seriesOf = (percentile: number) =>
    names.map(([name, label], i): Series => {
      return {
        name: `${label}, p${percentile}`,
        colour: COLOURS[i]!,
        dashed: percentile === 99,
        points: sizesOf(result, `${name}_(\\d+)_c1_p${percentile}_ms`).flatMap((size) =>
          point(size, result!, 'product', (round) => round[`${name}_${size}_c1_p${percentile}_ms`]!),
        ),
      }
    })
  return {
    title: chart.title,
    x: { label: chart.of, scale: 'log' },
    y: { label: 'answer time, one client, ms', scale: 'linear' },
    series: [...seriesOf(50), ...seriesOf(99)],
    limit: { y: chart.limit, label: `goal for p99: ${chart.limit} ms` },
  }
}

export const historyAgainstSize = (results: Results): Chart =>
  answerTime(results.get('history'), {
    title: 'A page of 50 messages against the length of the history',
    of: 'messages in the room',
    limit: 5,
    names: { end: 'end', middle: 'middle', start: 'start' },
  })

export const roomListAgainstSize = (results: Results): Chart =>
  answerTime(results.get('rooms'), {
    title: 'The room list against the number of rooms',
    of: 'rooms of the reader',
    limit: 20,
    names: { all: 'all rooms', page: 'first page of 50' },
  })

export const searchAgainstSize = (results: Results): Chart =>
  answerTime(results.get('search'), {
    title: 'Search for a Korean word of two syllables, in all rooms of the reader',
    of: "messages in the reader's rooms",
    limit: 50,
    names: { frequent_all: 'frequent', medium_all: 'medium', rare_all: 'rare' },
  })

export function latencyAgainstConnections(results: Results): Chart {
  const result = results.get('crowd')
  const series = (percentile: number): Series => ({
    name: `product, p${percentile}`,
    colour: BLUE,
    dashed: percentile === 99,
    points: sizesOf(result, `connections_(\\d+)_p${percentile}_ms`).flatMap((size) =>
      point(size, result!, 'product', (figures) => figures[`connections_${size}_p${percentile}_ms`]!),
    ),
  })
  return {
    title: 'Delivery latency at 500 messages a second against open connections',
    x: { label: 'open WebSocket connections, 200 of which talk', scale: 'linear' },
    y: { label: 'send to delivery, ms', scale: 'linear' },
    series: [series(50), series(99)],
  }
}

export function memoryAgainstConnections(results: Results): Chart {
  const series = (transport: string, side: string, name: string, colour: string): Series => {
    const result = results.get(`idle-${transport}`)
    const found = sizesOf(result, 'connections_(\\d+)_rss_mib')
    const at = (key: string, x: number) => (result ? point(x, result, side, (figures) => figures[key]!) : [])
    return {
      name,
      colour,
      dashed: side !== 'product',
      points: [...at('before_mib', 0), ...found.flatMap((size) => at(`connections_${size}_rss_mib`, size))],
    }
  }
  return {
    title: 'Memory of the server process against idle connections',
    x: { label: 'open connections that only heartbeat', scale: 'linear' },
    y: { label: 'resident memory, MiB', scale: 'linear' },
    series: [
      series('ws', 'product', 'WebSocket', BLUE),
      series('ws', 'raw', 'raw WebSocket', BLUE),
      series('sse', 'product', 'SSE', ORANGE),
      series('sse', 'raw', 'raw SSE', ORANGE),
    ],
  }
}
