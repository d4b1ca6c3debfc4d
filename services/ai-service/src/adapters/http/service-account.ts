import { createPrivateKey } from 'node:crypto'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { ServiceAccount } from './google-token.ts'

const KeyFile = Type.Object({
  type: Type.Literal('service_account'),
  client_email: Type.String({ minLength: 1 }),
  private_key_id: Type.String({ minLength: 1 }),
  private_key: Type.String({ minLength: 1 }),
  token_uri: Type.String({ pattern: '^https?://' }),
})

/** The key file that Google's console gives. @throws Error that says what is wrong with it, and nothing of its key */
export function readServiceAccount(text: string): ServiceAccount {
  const value: unknown = parsed(text)
  if (!Value.Check(KeyFile, value)) {
    const [first] = Value.Errors(KeyFile, value)
    throw new Error(`${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`.trim())
  }
  const { client_email, private_key_id, private_key, token_uri } = value
  try {
    createPrivateKey(private_key)
  } catch {
    throw new Error('private_key is no key in PEM')
  }
  return { client_email, private_key_id, private_key, token_uri }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
}
