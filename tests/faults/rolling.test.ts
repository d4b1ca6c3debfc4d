import { test } from 'node:test'
import { noEngines } from '../support/engines.ts'
import { rollUnderLoad } from './roll.ts'

test(
  'every process is replaced under load, one after the other: what the SDK repeats succeeds, and no event is lost',
  { skip: noEngines() },
  (t) => rollUnderLoad(t),
)
