/** What is done, in order, and why it is as it is. */

export type Request = Readonly<{
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  body?: Readonly<Record<string, unknown>>
  signedIn?: boolean
}>

export type Step = Readonly<{
  title: string
  /** Paragraphs of Markdown, before what happened. */
  text: string
  request?: Request
  /** Types of the events that must come of it. */
  expects: readonly string[]
  /** A table that is written a while later. */
  writesLater?: string
  /** Nobody relays from here on; or: somebody does again. */
  relay?: 'held' | 'released'
}>

const LOGIN = { email: 'minji@example.com', password: 'Test1234!@' }

export const INTRODUCTION = `# The registration flow, watched

Somebody registers, signs in, is looked at, changes her profile and is online; after each step this page shows all that is different in MySQL,
Redis and Kafka. \`npm run flow\` does the same on your machine (real servers, an installation of its own that is
removed again) and prints it with the ids and times of that run. Left out are the schema, the leases, and the log of rooms, into which nobody writes a message here. In rows, columns that are NULL are left out; of a changed row (\`~\`) its key
and what changed are shown. \`‹ms›\` and \`‹time›\` are times, \`‹id 1›\` is the same id wherever it stands.

Store → cache → activity → event → consumer, in the words of the sources. Here the first, third and fourth are one transaction.`

export const STEPS: readonly Step[] = [
  {
    title: 'Somebody registers',
    text: `The gateway counts the call against the address (Redis; while that is away each process counts for itself) and hands it to a process of
user-service. The password is hashed **before** the transaction, in a thread and behind a bounded queue, so that no row is locked for the time a hash takes.

**One transaction** then inserts the account, its history (\`user_events\`), the password's hash and the event that others are to hear of (\`outbox\`). Either all of
it exists or none. The unique keys on \`email\` and \`username_key\` decide who was first, whatever process asked. Then the mark of the highest id (\`user_ids\`, a database of its own) is raised, so that a backup that is older than an account never gives its id to somebody else. The answer
leaves after that.

- The process dies before the COMMIT: nothing exists, and the call may be repeated.
- It dies after the COMMIT, before the answer: the account exists, and so does its event. Whoever repeats the call is told \`EMAIL_TAKEN\`, and can sign in.
- Kafka is away: nobody notices; rows wait in the outbox. Redis is away: nobody notices. MySQL is away: 503 with \`Retry-After\`, and nothing is kept.

For this step the relay's lease is held by somebody who does not relay, as after the death of a process: so the row in the outbox can be seen.`,
    request: {
      method: 'POST',
      path: '/api/auth/register',
      body: { ...LOGIN, username: 'minji', display_name: '김민지' },
    },
    relay: 'held',
    expects: [],
  },
  {
    title: 'The event leaves, and others act on it',
    text: `The lease of the one who died is over (10 s at most), and another process of user-service has it. It publishes the row with \`acks=all\` and marks it as told **after** the
brokers have it: it is kept for seven days in case they lose it ([ADR 0065](adr/0065-told-events-are-kept.md)), and not shown here any more. The key is the user's id, so everything about a person is in one partition (id modulo 3), in order.

Each service is a consumer group, with a position of its own. friend-, chat- and notification-service write down whom they have heard of, in **the transaction of the inbox
row**; then the position is committed. notification-service also queues a mail that welcomes her: it asks user-service for her address and for a token that confirms it when it is sent,
so the token is in no event. user-service reads its own topic too (to forget caches, below) and has nothing to do here.

- The relay dies between publishing and marking: the event is published again, with the same \`event_id\`, and the inbox lets it take effect once.
- A consumer dies before its COMMIT: the event comes again. After it, before the position: it comes again, and the inbox knows it.
- A consumer's database is away: its partition waits; the event is not given up. What fails five times for a reason of its own goes to \`user.events.dlq\` ([events.md](events.md)).
- Somebody asks friend- or chat-service for her in the meantime: they ask user-service over HTTP about people they have not heard of.`,
    relay: 'released',
    expects: ['UserRegistered'],
  },
  {
    title: 'She signs in',
    text: `Again one transaction: the account's counter and version, its history, the session, the **hash** of the refresh token, and the event (which is told
before this page looks).

The sources keep \`user:session:{id}\` in Redis. Here sessions are rows: a Redis that loses everything must sign nobody out. The access token is a JWT signed with EdDSA that each process verifies by itself
with the public keys of user-service; which sessions ended is told to all processes over Redis, and asked of user-service every 30 s ([ADR 0046](adr/0046-tokens-are-checked-everywhere.md)).`,
    request: { method: 'POST', path: '/api/auth/login/json', body: LOGIN },
    expects: ['UserLoggedIn'],
  },
  {
    title: 'Her profile is read',
    text: `Cache-aside: \`cache:user:{id}\` is looked for, not found, read from MySQL and kept for an hour. The next reader, in whatever process, finds it. It holds what
everybody may see: no address, no age.`,
    request: { method: 'GET', path: '/api/users/1', signedIn: true },
    expects: [],
  },
  {
    title: 'She changes her profile',
    text: `The row, the history and the event are one transaction; after its COMMIT the process that wrote deletes the cache entry. A reader who had read
the old row just before may put it back: so the entry is deleted **once more** when the event comes, by user-service's own group. The read models of the other services change with the same event
(chat-service shows no status message, and keeps none).

- The process dies between COMMIT and deleting: the event deletes the entry.
- Redis is away: nobody reads a cache then; what was to be deleted is deleted when it is back, and the hour is the net below that.`,
    request: { method: 'PATCH', path: '/api/profile/me', body: { status_message: '안녕하세요!' }, signedIn: true },
    expects: ['UserProfileUpdated'],
  },
  {
    title: 'What she did',
    text: `The list of activities has no table of its own: it is read from the history, which was written in the transactions above. So it can neither miss something
that happened nor tell of something that did not. Nothing changes.`,
    request: { method: 'GET', path: '/api/users/me/activities', signedIn: true },
    expects: [],
  },
  {
    title: 'She is online',
    text: `Who is online is in Redis only. \`user:online:{id}\` is the key of the sources; the services themselves use the sorted set beside it (one of 16, by id), whose scores
are when somebody's time is up: a Lua script tells whether somebody was not there before, and another one takes those whose time is up, each for one process only.

When somebody was last seen is written behind: each process gathers the times and writes them to MySQL every 5 s, one row a person. A process that dies loses at most these 5 s.

The event goes to Kafka without an outbox: presence is best effort, and a change that is lost is put right by the next heartbeat. If Redis loses everything, people are offline until their next heartbeat.`,
    request: { method: 'POST', path: '/api/presence/heartbeat', signedIn: true },
    expects: ['UserOnlineStatusChanged'],
    writesLater: 'bigtech_user_service.last_seen',
  },
]

export const END = `## Where to look further

[events.md](events.md) has every event and how a stuck one is repaired, [deployment.md](deployment.md) what the loss of each engine costs,
[ADR 0008](adr/0008-outbox-with-one-lease.md) why one relay has a lease, [ADR 0009](adr/0009-event-sourced-users-with-erasure.md) why accounts have a history.`
