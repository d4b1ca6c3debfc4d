/** The contract suites, for adapters in services (`@bigtech/messaging/testing`); for tests only. */
export { eventBusContract, type BusUnderTest } from './event-bus.contract.ts'
export { outboxContract, type OutboxUnderTest } from './outbox.contract.ts'
