/** The contract suites, for adapters in services (`@bigtech/messaging/testing`), and what else their tests need; for tests only. */
export { eventBusContract, type BusUnderTest } from './event-bus.contract.ts'
export { outboxContract, type OutboxUnderTest } from './outbox.contract.ts'
export { behind, toldAgain } from './testing.ts'
