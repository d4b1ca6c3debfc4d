import { consentStoreContract } from '../consent-store.contract.ts'
import { onEachEngine } from './ai-databases.fixture.ts'

onEachEngine(consentStoreContract)
