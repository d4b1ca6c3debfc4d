import type { MoreHealth, ReadinessCheck } from './health.ts'
import type { App } from './app.ts'

/** A consumer group, the topics it reads, and the event types of them it handles. */
export type Consumption = Readonly<{ group: string; topics: readonly string[]; types: readonly string[] }>

/** What a service hands to the process that runs it (apps/server) after being given its ports. */
export type ServiceModule = Readonly<{
  service: Readonly<{ name: string; title: string; description: string; port: number }>
  readiness: Readonly<Record<string, ReadinessCheck>>
  health?: MoreHealth
  /** What it reads of others' (and its own) events; for the documents. */
  consumes: Consumption
  /** Registers the service's routes on a host made by createHost. */
  routes(app: App): void | Promise<void>
  /** Registers what only other services may call, on a host made by createInternalHost. */
  internalRoutes?(app: App): void
  /** Starts consumers, relays and timers. Called once, after every module of the process was created. */
  start(): Promise<void>
  /** Once its ports listen: takes its part of what the processes of the service divide among them. */
  join?(): Promise<void>
  /** While its ports still answer: hands that over to the others. */
  leave?(): Promise<void>
  /** Stops what `start` started, after finishing what is under way; the outbox is flushed. Ports are closed by their owner. */
  close(): Promise<void>
}>
