import type { FaultName } from '../history/types.ts'

export type Sabotage = {
  /** what is wrong with the server then */
  what: string
  /** Where the damage is: a preload of this folder. */
  preload: 'sql.ts' | 'frames.ts' | 'source.ts'
  /** Of which server; default: embedded. */
  profile?: 'distributed'
  /** Of a round, at the end of most of which it is found. Default 6. */
  seconds?: number
  /** Options of the run in which it is found. */
  args?: readonly string[]
  /** One of its kind is tried in each `npm test`, and it is another; or it takes too long. With SABOTAGES=all. */
  isLong?: true
  /** What must happen for it to show. */
  faults: readonly FaultName[]
  /** Violations of which at least one must be found. */
  found: readonly string[]
}

/** Ways to break the server on purpose (`--sabotage name`), each of which the checker must notice (sabotage.test.ts). */
export const SABOTAGES = {
  'ack-before-commit': {
    what: 'commits of chat.db happen up to 300 ms after they were reported',
    preload: 'sql.ts',
    // Each kill is one moment at which it can show: one of them alone may come when nothing waits.
    seconds: 15,
    faults: ['kill'],
    found: ['lost', 'shown-then-lost', 'went-back'],
  },
  'double-store': {
    what: 'a repeated client_message_id is stored again',
    preload: 'sql.ts',
    faults: ['cut'],
    found: ['doubled'],
  },
  'drop-frames': {
    what: 'one in 30 writes to a stream is left out',
    preload: 'frames.ts',
    faults: [],
    found: ['stream-gap'],
  },
  'drop-reads': {
    what: 'nobody is told of read positions, which no revision shows',
    preload: 'source.ts',
    faults: [],
    found: ['diverged'],
  },
  'swap-frames': {
    what: 'one in 30 writes to a stream comes after the next',
    preload: 'frames.ts',
    isLong: true,
    faults: [],
    found: ['stream-gap', 'repeated'],
  },
  'silent-resume': {
    what: 'a resume brings nothing and does not say so',
    preload: 'sql.ts',
    faults: ['cut'],
    found: ['stream-gap', 'resume-gap'],
  },
  'resume-hole': {
    what: 'a resume or pull leaves out one of the rows it covers',
    preload: 'sql.ts',
    isLong: true,
    faults: ['cut'],
    found: ['resume-gap', 'pull-gap'],
  },
  'still-a-member': {
    what: 'who leaves is told so and stays a member',
    preload: 'sql.ts',
    faults: [],
    found: ['membership', 'not-for-them'],
  },
  miscount: {
    what: 'the number beside a message leaves one member out',
    preload: 'sql.ts',
    faults: [],
    found: ['unread'],
  },
  'reads-forgotten': {
    what: 'one in 3 read positions is acknowledged and not stored',
    preload: 'sql.ts',
    isLong: true,
    faults: ['kill'],
    found: ['went-back'],
  },
  'event-lost': {
    what: 'one in 20 events never gets into the outbox',
    preload: 'sql.ts',
    faults: [],
    found: ['event-lost'],
  },
  'event-twice': {
    what: 'one in 20 events is there again under another id',
    preload: 'sql.ts',
    isLong: true,
    faults: [],
    found: ['event-twice'],
  },
  'event-order': {
    what: 'the relay takes each batch from its end',
    preload: 'sql.ts',
    faults: [],
    found: ['event-order'],
  },
  'block-ignored': {
    what: 'chat-service handles blocks without keeping them',
    preload: 'sql.ts',
    faults: [],
    found: ['effect-missing'],
  },
  'name-forgotten': {
    what: 'chat-service handles new names without keeping them',
    preload: 'sql.ts',
    isLong: true,
    faults: [],
    found: ['effect-missing'],
  },
  'note-again': {
    what: 'a notification takes no part in the unread one of its group',
    preload: 'source.ts',
    seconds: 12,
    faults: [],
    found: ['effect-twice'],
  },
  'reaction-kept': {
    what: 'a reaction that is taken back stays in the list of notifications',
    preload: 'source.ts',
    isLong: true,
    faults: [],
    found: ['effect-of-nothing'],
  },
  'blocked-told': {
    what: 'people are told what somebody does whom they have blocked',
    preload: 'source.ts',
    seconds: 12,
    faults: [],
    found: ['effect-of-nothing'],
  },
  'push-lost': {
    what: 'one in five of what devices are to be told is not sent',
    preload: 'source.ts',
    faults: [],
    found: ['effect-missing'],
  },
  'muted-told': {
    what: 'devices are told of rooms of which their people want to hear nothing',
    preload: 'source.ts',
    isLong: true,
    faults: [],
    found: ['effect-of-nothing'],
  },
  'read-shown': {
    what: 'devices go on showing what was read',
    preload: 'source.ts',
    isLong: true,
    seconds: 12,
    faults: [],
    found: ['effect-missing'],
  },
  'fact-twice': {
    what: 'an event that comes again is counted again',
    preload: 'source.ts',
    faults: [],
    found: ['effect-twice'],
  },
  'fact-again': {
    what: 'what was counted is counted again when its topic is read again',
    preload: 'source.ts',
    seconds: 12,
    isLong: true,
    faults: ['reread'],
    found: ['effect-twice'],
  },
  'told-again': {
    what: 'devices are told again of what they were told of, when its topic is read again',
    preload: 'source.ts',
    seconds: 12,
    faults: ['reread'],
    found: ['effect-twice'],
  },
  'noted-again': {
    what: 'an event has its effect again when its topic is read again',
    preload: 'source.ts',
    seconds: 12,
    isLong: true,
    faults: ['reread'],
    found: ['effect-twice'],
  },
  'letter-lost': {
    what: 'what cannot be handled is passed over, and no dead letter is kept',
    preload: 'source.ts',
    faults: ['poison'],
    found: ['effect-missing'],
  },
  'poison-counted': {
    what: 'statistics count what is of nobody as if it were whole',
    preload: 'source.ts',
    isLong: true,
    faults: ['poison'],
    found: ['effect-twice'],
  },
  'poison-stays': {
    what: 'what cannot be handled is tried for ever, and what comes after it waits',
    preload: 'source.ts',
    isLong: true,
    faults: ['poison'],
    found: ['not-handled'],
  },
  'no-repair': {
    what: 'what another process wrote is not looked for in the log when Redis loses it',
    preload: 'source.ts',
    profile: 'distributed',
    seconds: 20,
    args: ['--nodes', '2'],
    faults: ['redis'],
    found: ['stream-gap', 'diverged'],
  },
  'lost-control': {
    what: 'announcements leave out who comes and goes',
    preload: 'source.ts',
    profile: 'distributed',
    seconds: 18,
    args: ['--nodes', '2'],
    isLong: true,
    faults: [],
    found: ['diverged'],
  },
  'late-subscription': {
    what: 'a room is listened to a moment after the connection is open, and begins with what comes then',
    preload: 'source.ts',
    profile: 'distributed',
    seconds: 18,
    args: ['--nodes', '2'],
    isLong: true,
    // After it nobody on that process listens to any room yet.
    faults: ['restart', 'cut'],
    found: ['stream-gap'],
  },
  'token-ahead': {
    what: 'a resume token stands for what the fastest partition has',
    preload: 'source.ts',
    profile: 'distributed',
    seconds: 18,
    args: ['--nodes', '2'],
    isLong: true,
    faults: ['redis', 'cut'],
    found: ['stream-gap', 'resume-gap'],
  },
  'stale-cache': {
    what: 'who may send is kept in memory, whatever other processes change',
    preload: 'source.ts',
    profile: 'distributed',
    seconds: 15,
    args: ['--nodes', '2'],
    isLong: true,
    faults: [],
    found: ['effect-missing', 'blocked'],
  },
  'no-fence': {
    what: 'a document takes the place of another in the log',
    preload: 'source.ts',
    profile: 'distributed',
    seconds: 20,
    args: ['--nodes', '2'],
    isLong: true,
    faults: ['exile'],
    found: ['corrupt'],
  },
  'dies-before-publishing': {
    what: 'a new owner publishes nothing of what its predecessor did not',
    preload: 'source.ts',
    profile: 'distributed',
    seconds: 18,
    args: ['--nodes', '2'],
    isLong: true,
    faults: ['kill'],
    found: ['event-lost'],
  },
  'projection-twice': {
    what: 'documents are applied a second late, and again by who lags behind',
    preload: 'source.ts',
    profile: 'distributed',
    // It comes back when all is over: what follows would put right what it undoes.
    seconds: 17,
    args: ['--nodes', '2', '--seed', '19'],
    isLong: true,
    faults: ['exile'],
    found: ['corrupt', 'went-back', 'shown-then-lost', 'diverged', 'views-differ'],
  },
} as const satisfies Record<string, Sabotage>

export type SabotageName = keyof typeof SABOTAGES
export const SABOTAGE_NAMES = Object.keys(SABOTAGES) as SabotageName[]
