import { linkStoreContract } from '../link-store.contract.ts'
import { onEachEngine } from './ai-databases.fixture.ts'

onEachEngine(linkStoreContract)
