import type { Setting } from './settings.ts'

export type Schema = Readonly<Record<string, Setting<unknown>>>

export type Values<S extends Schema> = { readonly [K in keyof S]: S[K] extends { type?: { of: infer T } } ? T : never }

/** All that is wrong with the environment, one line a variable. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['The configuration is wrong:', ...problems.map((problem) => `  ${problem}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

export type Config<S extends Schema> = {
  /**
   * The values of an environment. An unset, empty or blank variable takes its default; unknown variables are ignored.
   * @throws ConfigError that lists every wrong variable; the value of a secret is never in it
   */
  parse(env: Readonly<Record<string, string | undefined>>): Values<S>
  /** The text of `.env.example`: each variable commented out with its default; required ones open. @param wanted default: all */
  envExample(wanted?: (name: string) => boolean): string
  /** A Markdown table of the variables. @param wanted default: all */
  markdown(wanted?: (name: string) => boolean): string
}

/** One schema from which types, defaults, validation and documents come. */
export function defineConfig<const S extends Schema>(schema: S): Config<S> {
  const settings = Object.entries(schema)
  return {
    parse(env) {
      const problems: string[] = []
      const values = settings.map(([name, setting]) => {
        const text = env[name]?.trim() ?? ''
        if (text === '') {
          if (setting.required) problems.push(`${name} is not set; expected ${setting.expected}`)
          return [name, setting.defaultValue]
        }
        const value = setting.read(text)
        if (value === undefined) problems.push(`${name} is ${given(text, setting)}; expected ${setting.expected}`)
        return [name, value]
      })
      if (problems.length > 0) throw new ConfigError(problems)
      return Object.freeze(Object.fromEntries(values)) as Values<S>
    },
    envExample(wanted = () => true) {
      const chosen = settings.filter(([name]) => wanted(name))
      return `${chosen.map(([name, setting]) => exampleOf(name, setting)).join('\n\n')}\n`
    },
    markdown(wanted = () => true) {
      const chosen = settings.filter(([name]) => wanted(name))
      const rows = chosen.map(([name, s]) => `| \`${name}\` | ${cell(s.doc)} | ${cell(s.expected)} | ${defaultOf(s)} |`)
      return ['| variable | meaning | value | default |', '|---|---|---|---|', ...rows, ''].join('\n')
    },
  }
}

const MAX_SHOWN = 60

function given(text: string, setting: Setting<unknown>): string {
  if (setting.secret) return `set to a value that is not shown (${text.length} characters)`
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)
}

function exampleOf(name: string, setting: Setting<unknown>): string {
  const notes = [setting.required ? 'required' : undefined, setting.secret ? 'secret' : undefined].filter((n) => n)
  const comment = [`# ${setting.doc}`, `# (${[setting.expected, ...notes].join('; ')})`]
  const line = `${name}=${setting.secret ? '' : (setting.defaultText ?? '')}`
  return [...comment, setting.required ? line : `#${line}`].join('\n')
}

function defaultOf(setting: Setting<unknown>): string {
  if (setting.required) return '**required**'
  if (setting.defaultText === undefined) return '–'
  return setting.secret ? '(secret)' : `\`${cell(setting.defaultText)}\``
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
