import { createMemoryCoordination, createMemoryCursors, createMemoryLog } from './memory.fixture.ts'
import { coordinationContract, cursorsContract, logStoreContract } from './ports.contract.ts'

const twice = <Store>(store: Store) => Promise.resolve([store, store] as const)

logStoreContract('memory', () => twice(createMemoryLog()))
coordinationContract('memory', () => twice(createMemoryCoordination()))
cursorsContract('memory', () => twice(createMemoryCursors()))
