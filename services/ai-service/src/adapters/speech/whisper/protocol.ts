/** What the process of the model is started with, as JSON in its first argument. */
export type ChildOptions = Readonly<{ model: string; threads: number; niceness: number }>

/** One window of speech, of at most 30 s, for the child to recognise. */
export type WindowRequest = Readonly<{
  samples: Float32Array
  /** ISO 639-1, as `ko`. */
  language: string
  /** Length of the encoder's context, in its frames of 20 ms. */
  audioCtx: number
}>

/** `unsupported`: the addon does not load here; `unusable`: the file is no model for it; `language`: the model does not speak it. */
export type ChildAnswer =
  | Readonly<{ type: 'ready' }>
  | Readonly<{ type: 'failed'; why: 'unsupported' | 'unusable' | 'language' | 'window' }>
  | Readonly<{ type: 'text'; text: string; rssBytes: number; cpuMicros: number }>
