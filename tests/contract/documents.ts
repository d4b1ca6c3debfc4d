/** One run of schemathesis: a document, and the operations of it that cannot be tried, with the reason. */
export type ContractRun = Readonly<{
  document: 'gateway' | 'user' | 'friend' | 'chat' | 'notification' | 'ai' | 'analytics'
  /** Only operations whose path matches; the merged document repeats those of the services. */
  paths?: string
  /** operation id → why */
  excluded: Readonly<Record<string, string>>
}>

/**
 * What a request that fits its schema may be answered with: rules between things (one's own id, a direct room, a cursor of another list)
 * are no part of a schema. 422 is not among them: it says that the schema was not kept.
 */
const REFUSALS = ['2xx', '3xx', '400', '401', '403', '404', '409', '429', '5xx']

/** What a request that breaks its schema is answered with; texts that are too long may not even fit into a head. */
const WRONG = ['400', '401', '403', '404', '406', '413', '415', '422', '429', '431', '5xx']

const PLACES = 'places of mentions must lie within the text, and not over one another'
const TEXTS = 'names and other texts have rules of which a pattern is only a part'

/** operation id → why a request that fits its documented schema may be answered with 422, or 415, all the same */
const CONDITIONAL: Readonly<Record<string, string>> = {
  register: TEXTS,
  replaceProfile: TEXTS,
  patchProfile: TEXTS,
  updateRoom: TEXTS,
  addReaction: TEXTS,
  changeNotificationSettings: 'the name of a time zone must be known to the system',
  putSubscription: 'keys must be a point of the curve and 16 bytes',
  sendMessage: PLACES,
  editMessage: PLACES,
  refresh: 'the token comes in the body, or in a cookie that a generator does not have',
  putProfileImage: 'any bytes fit the schema, but they must be a picture',
  createRoom: 'a group needs a name, a direct room a user: a condition that generators cannot follow',
}

const statuses = (list: readonly string[]): string =>
  `checks.positive_data_acceptance.expected-statuses = ${JSON.stringify(list)}`

/** Settings of schemathesis, as TOML. */
export const SETTINGS = [
  statuses(REFUSALS),
  `checks.negative_data_rejection.expected-statuses = ${JSON.stringify(WRONG)}`,
  // Sequences of a service with forty operations would take most of an hour otherwise.
  'phases.stateful.max-steps = 8',
  'phases.stateful.generation.max-examples = 25',
  ...Object.keys(CONDITIONAL).map((id) =>
    ['[[operations]]', `include-operation-id = "${id}"`, statuses([...REFUSALS, '415', '422'])].join('\n'),
  ),
].join('\n')

const OWN_ACCOUNT = 'it would end the account or the session that the run is made with'
const STREAM = 'its answer never ends; tests/e2e has its own tests of streams'

export const RUNS: readonly ContractRun[] = [
  {
    document: 'user',
    excluded: {
      closeAccount: OWN_ACCOUNT,
      logout: OWN_ACCOUNT,
      endSession: OWN_ACCOUNT,
      endOtherSessions: OWN_ACCOUNT,
      setUserStatus: OWN_ACCOUNT,
      setUserRole: OWN_ACCOUNT,
    },
  },
  { document: 'friend', excluded: {} },
  { document: 'chat', excluded: { streamEvents: STREAM } },
  { document: 'notification', excluded: {} },
  { document: 'ai', excluded: {} },
  { document: 'analytics', excluded: {} },
  { document: 'gateway', paths: '^/(api/(ops|about)|health|ready|metrics)', excluded: {} },
]
