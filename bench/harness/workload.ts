/** Figures of one measuring period. Keys are stable and end with their unit: `delivered_per_s`, `p99_ms`, `server_cpu_cores`. */
export type Figures = Record<string, number>

export type Options = {
  /** Measuring time of a round. */
  seconds: number
  /** Load before measuring begins. */
  warmUpSeconds: number
}

/** What is running of a side: kept through all rounds, so that rounds of several sides interleave. */
export type Running = {
  /** One round: warm-up, then the measuring time. */
  measure(options: Options): Promise<Figures>
  stop(): Promise<void>
}

/** One side of a comparison: the product, or the raw reference of the same shape. */
export type Side = { name: string; start(): Promise<Running> }

/** What must be reached: a figure of a side (by default the first), as it is, or divided by the same figure of the side `of`. */
export type Goal = { figure: string; side?: string; of?: string; atLeast?: number; atMost?: number }

/** Every file of `bench/workloads` exports `workloads: readonly Workload[]`; `npm run bench` finds them. */
export type Workload = {
  /** As typed after `npm run bench --`. */
  name: string
  /** One line for the table. */
  title: string
  sides: readonly Side[]
  goals: readonly Goal[]
  /** Where the usual 3 rounds of 8 s after 2 s warm-up do not fit. */
  rounds?: number
  options?: Partial<Options>
}
