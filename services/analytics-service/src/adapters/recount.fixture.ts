import type { EventValue } from '@bigtech/messaging'
import { ACTIVE_KINDS, codeOf, KINDS, toldBy, type Fact, type Kind } from '../domain/facts.ts'
import { LATENCY_BOUNDS, latencyClass, LONGEST_MS } from '../domain/latency.ts'
import { hourOfDay, type Period } from '@bigtech/kernel/periods'
import type { CohortCount, Figures, KindCount, MessageCount, PeopleCount, RoomCount, Scope } from '../ports.ts'

/** The same questions, answered by going through all distinct events; slow, and plain enough to be believed. */
export function recount(events: readonly EventValue[], scope: Scope) {
  const distinct = [...new Map(events.map((value) => [value.event_id, value])).values()]
  const facts = distinct.flatMap((value) => toldBy(value).facts)
  const within = ({ start, end }: Period) => facts.filter(({ at }) => at >= start && at < end)
  const of = (kind: Kind, some: readonly Fact[]) => some.filter((fact) => fact.kind === codeOf(kind))
  const isActive = ({ kind }: Fact) => ACTIVE_KINDS.includes(KINDS[kind]!)
  const people = (some: readonly Fact[]) => new Set(some.map(({ user_id }) => user_id))
  const rooms = (some: readonly Fact[]) => new Set(of('sent', some).map(({ room_id }) => room_id)).size

  const figuresOf = (period: Period): Figures => {
    const some = within(period)
    const days = scope.days.filter(({ start }) => start >= period.start && start < period.end)
    const daily = days.map((day) => people(within(day).filter(isActive)).size)
    const upTo = (count: number) => {
      const last = scope.days.filter(({ end }) => end <= period.end).slice(-count)
      return people(within({ start: last[0]!.start, end: period.end }).filter(isActive)).size
    }
    return {
      messages: of('sent', some).length,
      active_people: people(some.filter(isActive)).size,
      daily_active: daily.reduce((sum, n) => sum + n, 0) / days.length,
      weekly_active: upTo(7),
      monthly_active: upTo(30),
      new_accounts: of('registered', some).length,
      closed_accounts: of('closed', some).length,
      sign_ins: of('signed_in', some).length,
      active_rooms: rooms(some),
      new_rooms: of('direct_made', some).length + of('group_made', some).length,
    }
  }

  const { range, before, periods } = scope
  const inRange = within(range)
  const each = <T>(make: (some: Fact[], period: number) => T[]): T[] =>
    periods.flatMap((period, index) => make(within(period), index))

  const kindCounts = (kinds: readonly Kind[]): KindCount[] =>
    each((some, period) => kinds.map((kind) => ({ period, kind, count: of(kind, some).length }))).filter(
      ({ count }) => count > 0,
    )

  const messageCounts: MessageCount[] = each((some, period) => {
    const sent = of('sent', some)
    const groups = new Set(sent.map(({ type, language }) => `${type} ${language}`))
    return [...groups].map((group) => {
      const [type, language] = group.split(' ').map(Number)
      const those = sent.filter((fact) => fact.type === type && fact.language === language)
      return {
        period,
        type: type!,
        language: language!,
        messages: those.length,
        characters: those.reduce((sum, { length }) => sum + length, 0),
        with_file: those.filter(({ file }) => file === 1).length,
        with_mention: those.filter(({ mentions }) => mentions > 0).length,
      }
    })
  })

  const hoursOfDay = Array.from(
    { length: 24 },
    (_, hour) => of('sent', inRange).filter(({ at }) => hourOfDay(at, scope.tz) === hour).length,
  )

  const peopleCounts: PeopleCount[] = each((some, period) => [
    { period, active: people(some.filter(isActive)).size, writers: people(of('sent', some)).size },
  ]).filter(({ active }) => active > 0)
  const roomCounts: RoomCount[] = each((some, period) => [{ period, active: rooms(some) }]).filter(
    ({ active }) => active > 0,
  )

  const registered = people(of('registered', inRange))
  const also = (...kinds: Kind[]) => registered.intersection(people(kinds.flatMap((kind) => of(kind, inRange)))).size

  const waits = (later: readonly Fact[], placeOf: (fact: Fact) => number) => {
    const counts = LATENCY_BOUNDS.map(() => 0)
    for (const fact of later)
      for (const earlier of of('sent', facts)) {
        const ms = fact.at - earlier.at
        if (earlier.room_id !== fact.room_id || earlier.seq !== placeOf(fact) || earlier.user_id === fact.user_id)
          continue
        if (ms >= 0 && ms < LONGEST_MS) counts[latencyClass(ms)]!++
      }
    return counts
  }

  const cohortOf = new Map<number, number>()
  for (const [index, period] of periods.entries())
    for (const { user_id } of of('registered', within(period))) if (!cohortOf.has(user_id)) cohortOf.set(user_id, index)
  const cohorts: CohortCount[] = each((some, period) => {
    const active = people(some.filter(isActive))
    return periods.map((_, cohort) => ({
      cohort,
      period,
      active: [...active].filter((person) => cohortOf.get(person) === cohort).length,
    }))
  }).filter(({ cohort, period, active }) => period >= cohort && active > 0)

  const perRoom = Map.groupBy(of('sent', inRange), ({ room_id }) => room_id)
  return {
    figures: { range: figuresOf(range), before: figuresOf(before) },
    kindCounts: sorted(kindCounts(KINDS)),
    messageCounts: sorted(messageCounts),
    hoursOfDay,
    peopleCounts: sorted(peopleCounts),
    funnel: {
      registered: registered.size,
      signed_in: also('signed_in'),
      befriended: also('befriended', 'was_befriended'),
      wrote: also('sent'),
    },
    roomCounts: sorted(roomCounts),
    topRooms: [...perRoom]
      .map(([room_id, those]) => ({ room_id, messages: those.length }))
      .toSorted((a, b) => b.messages - a.messages || a.room_id - b.room_id),
    latencies: {
      response: waits(of('sent', inRange), ({ seq }) => seq - 1),
      delivery: waits(of('read', inRange), ({ seq }) => seq),
    },
    cohorts: sorted(cohorts),
  }
}

/** In one order, whatever the order of the answer. */
export const sorted = <T extends object>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))

const keyOf = (row: object): string =>
  JSON.stringify(Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1)))
