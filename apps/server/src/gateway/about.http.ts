import { operation, type App } from '@bigtech/http'
import { Type } from 'typebox'
import { demoDataWanted, type Settings } from '../config.ts'
import { demoAccounts } from '../demo/world.ts'

export type AboutOptions = {
  maxFileBytes: number
  demoAccounts: readonly { username: string; display_name: string; password: string }[]
}

export const aboutOf = (settings: Settings): AboutOptions => ({
  maxFileBytes: settings.MAX_FILE_SIZE,
  demoAccounts: demoDataWanted(settings) ? demoAccounts : [],
})

/** What clients want to know before anybody has signed in. */
export function aboutRoute(app: App, { maxFileBytes, demoAccounts }: AboutOptions): void {
  app.get(
    '/api/about',
    operation({
      id: 'about',
      tag: 'about',
      access: 'public',
      summary: 'What this server is: limits, and the accounts of its demo world if it has one',
      response: {
        200: Type.Object({
          name: Type.String({ examples: ['BigTech Chat'] }),
          max_file_bytes: Type.Integer({ description: 'of one upload', examples: [10_485_760] }),
          demo_accounts: Type.Array(
            Type.Object({
              username: Type.String({ examples: ['minsu'] }),
              display_name: Type.String({ examples: ['김민수'] }),
              password: Type.String({ description: 'no secret', examples: ['Demo1234!'] }),
            }),
            { examples: [[]] },
          ),
        }),
      },
    }),
    () => ({
      name: 'BigTech Chat',
      max_file_bytes: maxFileBytes,
      demo_accounts: demoAccounts.map((account) => ({ ...account })),
    }),
  )
}
