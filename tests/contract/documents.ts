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
 * are no part of a schema. 422 is not among them: VALIDATION_FAILED says that the schema was not kept.
 */
const REFUSALS = ['2xx', '3xx', '400', '401', '403', '404', '409', '429', '5xx']

/** What a request that breaks its schema is answered with; texts that are too long may not even fit into a head. */
const WRONG = ['400', '401', '403', '404', '406', '413', '415', '422', '429', '431', '5xx']

/** operation id → why a request that fits its documented schema may be answered with VALIDATION_FAILED, or 415, all the same */
const CONDITIONAL: Readonly<Record<string, string>> = {
  refresh: 'the token comes in the body, or in a cookie that a generator does not have',
  putProfileImage: 'any bytes fit the schema, but they must be a picture',
  createRoom: 'a group needs a name, a direct room a user: a condition that generators cannot follow',
}

const statuses = (list: readonly string[]): string =>
  `checks.positive_data_acceptance.expected-statuses = ${JSON.stringify(list)}`

type Document = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}>
type DocumentedOperation = Readonly<{
  operationId: string
  responses: Readonly<
    Record<string, { content?: Readonly<Record<string, { examples?: Readonly<Record<string, unknown>> }>> }>
  >
}>

/** Whether it documents a 422 of its own: a rule that no schema tells, as a time to come, or places that lie within a text. */
const hasRuleOfItsOwn = ({ responses }: DocumentedOperation): boolean =>
  Object.keys(responses['422']?.content?.['application/problem+json']?.examples ?? {}).some(
    (code) => code !== 'VALIDATION_FAILED',
  )

const conditional = ({ paths }: Document): string[] =>
  Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .filter((operation) => hasRuleOfItsOwn(operation) || operation.operationId in CONDITIONAL)
    .map(({ operationId }) => operationId)

/** Settings of schemathesis for a document, as TOML. */
export const settingsFor = (document: Document): string =>
  [
    statuses(REFUSALS),
    `checks.negative_data_rejection.expected-statuses = ${JSON.stringify(WRONG)}`,
    // Sequences of a service with forty operations would take most of an hour otherwise.
    'phases.stateful.max-steps = 8',
    'phases.stateful.generation.max-examples = 25',
    ...conditional(document).map((id) =>
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
